// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.NUPROCESS;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_POSIX_SPAWN;
import static io.spawn4j.jmh.suite.Entrants.JAVA;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a JVM does first. */
final class FreshScenarios {
    private static final List<Integer> JDKS = List.of(17, 25);

    /** A JVM's first child is more at the mercy of what else runs than a second of children. */
    private static final int FIRST_ROUNDS = 15;

    private static final int FIRST_MILLIS = 500;

    private FreshScenarios() {}

    static List<Scenario> first(Length length) {
        List<Scenario> all = new ArrayList<>();
        for (int jdk : JDKS) {
            for (HeadStart headStart : HeadStart.values()) {
                if (headStart.exists(jdk)) {
                    all.add(fresh(
                                    "first.jdk" + jdk + "." + headStart.id(),
                                    "JDK " + jdk + headStart.label(),
                                    headStart,
                                    List.of(Figure.UNTIL_1),
                                    FIRST_MILLIS)
                            .launched(Launch.PLAIN.withJdk(jdk))
                            .among(oneInSmoke(length, entrants(headStart)))
                            .inRounds(length.choose(1, 3, FIRST_ROUNDS)));
                }
            }
        }
        return all;
    }

    static List<Scenario> ramp(Length length) {
        Scenario free = ramp("ramp.free", "", length);
        Scenario pinned = ramp("ramp.pinned", ", on one CPU", length).launched(Launch.PLAIN.onOneCpu());
        return length == Length.QUICK ? List.of(free) : List.of(free, pinned);
    }

    private static List<Contender> entrants(HeadStart headStart) {
        return switch (headStart) {
            case NONE -> List.of(SPAWN4J_CLONE3, SPAWN4J_POSIX_SPAWN, PROCESS_BUILDER, NUPROCESS);
            case APP_CDS, AOT_CACHE -> JAVA;
            case PREPARED -> List.of(SPAWN4J_CLONE3);
        };
    }

    private static Scenario ramp(String id, String where, Length length) {
        List<Figure> figures = Figure.ofRamp().subList(0, length.choose(2, 4, 5));
        int millis = length.choose(500, 2000, 8000);
        return fresh(id, "one child after the other in a fresh JVM" + where, HeadStart.NONE, figures, millis)
                .among(JAVA)
                .andOnce(List.of(NUPROCESS))
                .inRounds(length.rounds(Scenario.ROUNDS_FOR_AN_INTERVAL));
    }

    private static Scenario fresh(String id, String label, HeadStart headStart, List<Figure> figures, int millis) {
        return Scenario.of(id, label, Method.FRESH, Timing.withoutJmh(millis))
                .with(HeadStart.PARAMETER, headStart)
                .with(
                        "children",
                        figures.stream()
                                .map(figure -> Integer.toString(figure.child()))
                                .collect(Collectors.joining(",")));
    }
}
