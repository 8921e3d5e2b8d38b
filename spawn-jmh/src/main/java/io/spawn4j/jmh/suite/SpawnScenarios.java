// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.suite.Entrants.MAIN;
import static io.spawn4j.jmh.suite.Entrants.OTHERS;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Starting a program and waiting for it. */
final class SpawnScenarios {
    private SpawnScenarios() {}

    static List<Scenario> everywhere(Length length) {
        List<Scenario> all = new ArrayList<>();
        for (Program program : List.of(Program.TINY, Program.TRUE)) {
            for (int callers : new int[] {1, 4}) {
                boolean everybody =
                        (program == Program.TINY) == (callers == 1) && (length != Length.QUICK || callers == 1);
                all.add(spawn(program, Streams.PIPES, callers, timing(length))
                        .among(MAIN)
                        .andOnce(everybody ? OTHERS : List.of())
                        .inRounds(length.rounds(Scenario.ROUNDS_FOR_AN_INTERVAL)));
            }
        }
        return all.subList(0, length.choose(1, 3, all.size()));
    }

    static List<Scenario> onOneCpu(Length length) {
        Timing timing = length.choose(Timing.ofRates(length), Timing.of(8000, 1000), Timing.of(8000, 2000));
        return Stream.of(Program.TINY, Program.TRUE)
                .limit(length.choose(1, 1, 2))
                .map(program -> spawn("pinned.", program, Streams.PIPES, 1, timing)
                        .launched(Launch.PLAIN.onOneCpu())
                        .among(oneInSmoke(length, MAIN))
                        .inRounds(length.rounds(Scenario.ROUNDS_FOR_AN_INTERVAL)))
                .toList();
    }

    static List<Scenario> variations(Length length) {
        Timing timing = timing(length);
        List<Scenario> all = List.of(
                spawn(Program.SH, Streams.PIPES, 1, timing),
                spawn(Program.TINY, Streams.NULL, 1, timing),
                spawn(Program.TINY, Streams.PIPES, 16, timing),
                spawn(Program.TINY, Streams.PIPES, 2, timing),
                spawn(Program.TRUE, Streams.NULL, 1, timing));
        return all.stream()
                .limit(length.choose(2, 1, all.size()))
                .map(scenario -> scenario.among(oneInSmoke(length, MAIN)).inRounds(length.rounds(2)))
                .toList();
    }

    static List<Scenario> policies(Length length) {
        return length == Length.QUICK
                ? List.of()
                : List.of(one("policy", "one setting", length)
                        .among(with(List.of(SPAWN4J_CLONE3), Contender.Group.POLICY.contenders())));
    }

    static List<Scenario> contained(Length length) {
        List<Contender> contained = Contender.Group.CONTAINED.contenders().stream()
                .filter(contender -> length != Length.QUICK || contender.hasPolicy())
                .toList();
        List<Contender> yardsticks = length == Length.SMOKE ? List.of() : List.of(SPAWN4J_CLONE3, PROCESS_BUILDER);
        return List.of(one("contained", "contained", length)
                .among(with(yardsticks, contained))
                .inRounds(length.rounds(2)));
    }

    private static Timing timing(Length length) {
        return length == Length.FULL ? Timing.of(6000, 2000) : Timing.ofRates(length);
    }

    private static Scenario one(String id, String what, Length length) {
        return Scenario.of(
                id, "tiny static program, three pipes, 1 caller, " + what, Method.SPAWN, Timing.ofRates(length));
    }

    private static List<Contender> with(List<Contender> yardsticks, List<Contender> others) {
        return Stream.concat(yardsticks.stream(), others.stream()).toList();
    }

    private static Scenario spawn(Program program, Streams streams, int callers, Timing timing) {
        return spawn("", program, streams, callers, timing);
    }

    /** @param prefix of the id, where all is on one CPU */
    private static Scenario spawn(String prefix, Program program, Streams streams, int callers, Timing timing) {
        return Scenario.of(
                        prefix + program.name().toLowerCase(Locale.ROOT) + (streams == Streams.NULL ? ".null" : "")
                                + ".t" + callers,
                        program.label()
                                + (streams == Streams.PIPES ? ", three pipes, " : ", /dev/null, ")
                                + (callers == 1 ? "1 caller" : callers + " callers")
                                + (prefix.isEmpty() ? "" : ", on one CPU"),
                        Method.SPAWN,
                        timing)
                .with("program", program)
                .with("streams", streams)
                .callers(callers);
    }
}
