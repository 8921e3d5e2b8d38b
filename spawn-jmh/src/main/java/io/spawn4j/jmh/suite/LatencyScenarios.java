// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.suite.Entrants.JAVA;
import static io.spawn4j.jmh.suite.Entrants.MAIN;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import io.spawn4j.jmh.contender.Contender;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How long somebody waits. */
final class LatencyScenarios {
    private LatencyScenarios() {}

    static List<Scenario> start(Length length) {
        return List.of(
                latency("start.t4", "from the request until the caller has the child, 4 callers", Method.START, length)
                        .callers(4)
                        .among(besideC(length))
                        .inRounds(length.rounds(3)));
    }

    static List<Scenario> exitToWaiter(Length length) {
        return exits("exit", Method.EXIT_TO_WAITER, length)
                .map(scenario -> scenario.among(besideC(length)).inRounds(length.rounds(3)))
                .toList();
    }

    static List<Scenario> exitToCallback(Length length) {
        return exits("callback", Method.EXIT_TO_CALLBACK, length)
                .map(scenario -> scenario.among(JAVA).inRounds(length.rounds(2)))
                .toList();
    }

    static List<Scenario> killToGone(Length length) {
        return List.of(latency("kill", "from SIGKILL until the caller has the status", Method.KILL_TO_GONE, length)
                .among(oneInSmoke(length, MAIN))
                .inRounds(length.rounds(2)));
    }

    private static List<Contender> besideC(Length length) {
        return length == Length.SMOKE ? List.of(SPAWN4J_CLONE3, C_POSIX_SPAWN) : MAIN;
    }

    private static Stream<Scenario> exits(String id, Method method, Length length) {
        return IntStream.of(1, 20)
                .limit(length.choose(1, 2, 2))
                .mapToObj(millis -> latency(
                                id + "." + millis + "ms", "a child that lives " + millis + " ms", method, length)
                        .with("lifeMicros", millis * 1000));
    }

    /** The JVM compiles before the benchmark begins. */
    private static Scenario latency(String id, String label, Method method, Length length) {
        int compileMillis = length.choose(100, 3000, 8000);
        Timing timing = length.choose(Timing.of(100, 300), Timing.of(500, 1000), Timing.of(500, 3000))
                .andPreparing(compileMillis);
        return Scenario.of(id, label, method, timing).with("compileMillis", compileMillis);
    }
}
