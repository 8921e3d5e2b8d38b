// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.C_CLONE3;
import static io.spawn4j.jmh.contender.Contender.C_VFORK;
import static io.spawn4j.jmh.contender.Contender.NUPROCESS;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER_VFORK;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_POSIX_SPAWN;
import static io.spawn4j.jmh.suite.Entrants.JAVA;
import static io.spawn4j.jmh.suite.Entrants.MAIN;
import static io.spawn4j.jmh.suite.Entrants.inFull;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import java.util.List;
import java.util.Locale;

/** What a JVM does once, and looks back on. */
final class OnceScenarios {
    private OnceScenarios() {}

    static List<Scenario> footprint(Length length) {
        int children = length.choose(10, 1000, 10_000);
        return List.of(once(
                        "footprint",
                        counted("%,d live children, streams of /dev/null", children),
                        Method.LIVE_CHILDREN,
                        length.choose(200, 2000, 15_000))
                .with("children", children)
                .launched(Launch.PLAIN.withOpenFiles(length.choose(0, 0, 15_000)))
                .among(oneInSmoke(length, JAVA)));
    }

    static List<Scenario> syscalls(Length length) {
        return List.of(once(
                        "syscalls",
                        "system calls of a spawn and wait with three pipes, the child's included",
                        Method.SYSCALLS,
                        length.choose(1000, 5000, 12_000))
                .with("warmUp", length.choose(100, 5000, 10_000))
                .with("spawns", length.choose(20, 500, 1000))
                .among(oneInSmoke(length, MAIN))
                .andOnce(inFull(
                        length,
                        SPAWN4J_CLONE,
                        SPAWN4J_POSIX_SPAWN,
                        PROCESS_BUILDER_VFORK,
                        NUPROCESS,
                        C_VFORK,
                        C_CLONE3)));
    }

    static List<Scenario> virtualThreads(Length length) {
        int threads = length.choose(50, 1000, 10_000);
        return List.of(once(
                        "virtual",
                        counted("%,d virtual threads at once, each spawns, reads and waits; JDK 25", threads),
                        Method.VIRTUAL_THREADS,
                        length.choose(500, 1500, 8000))
                .with("threads", threads)
                .launched(Launch.PLAIN.withJdk(25).withOpenFiles(length.choose(0, 0, 18_000)))
                .among(oneInSmoke(length, JAVA))
                .inRounds(length.rounds(2)));
    }

    static List<Scenario> endurance(Length length) {
        int spawns = length.choose(500, 30_000, 1_000_000);
        return List.of(once(
                        "endurance",
                        counted("%,d children of one JVM, one after the other", spawns),
                        Method.ENDURANCE,
                        length.choose(500, 8000, 270_000))
                .with("spawns", spawns)
                .with("warmUp", length.choose(50, 10_000, 50_000))
                .among(SPAWN4J_CLONE3));
    }

    private static Scenario once(String id, String label, Method method, int millis) {
        return Scenario.of(id, label, method, Timing.once(millis));
    }

    private static String counted(String label, int count) {
        return String.format(Locale.ROOT, label, count);
    }
}
