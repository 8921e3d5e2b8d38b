// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static io.spawn4j.jmh.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.Contender.SPAWN4J_CLONE3;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the native engine has to reach in a scenario: the floor always, the goal in the end. Ratios only, since they alone repeat.
 *
 * @param row what is compared
 * @param floor the least that is acceptable (the most, where less is better)
 * @param goal what is aimed at
 * @param lessIsBetter whether the ratio is one of costs
 * @param ratio takes it from a run; empty where the run did not measure it
 */
record Target(
        String row, double floor, double goal, boolean lessIsBetter, Function<Measurements, Optional<Sample>> ratio) {

    private static final double CPU_FLOOR = 1.25;

    /** Those of a run on one CPU, or of one that may use several: they have different floors, for different reasons. */
    static List<Target> of(boolean pinned) {
        List<Target> targets = new ArrayList<>();
        if (pinned) {
            againstC(targets, Program.TINY, 1, 0.80, 1.0);
            againstC(targets, Program.TRUE, 1, 0.92, 1.0);
        } else {
            againstC(targets, Program.TINY, 1, 0.52, 0.80);
            againstC(targets, Program.TINY, 4, 0.75, 1.0);
            againstC(targets, Program.TRUE, 1, 0.85, 0.95);
            againstC(targets, Program.TRUE, 4, 0.90, 1.0);
        }
        for (int callers : pinned ? new int[] {1} : new int[] {1, 4}) {
            for (Program program : Program.values()) {
                Scenario scenario = Scenario.of(program, true, callers);
                targets.add(new Target(
                        name(scenario) + ": CPU time / C",
                        CPU_FLOOR,
                        1.0,
                        true,
                        run -> run.cpuRatio(scenario, SPAWN4J_CLONE3, C_POSIX_SPAWN)));
            }
            againstProcessBuilder(targets, Scenario.of(Program.TRUE, true, callers), 1.8, 2.2);
            againstProcessBuilder(targets, Scenario.of(Program.TINY, true, callers), 7, 12);
        }
        for (OpenDescriptors many : List.of(OpenDescriptors.MANY, OpenDescriptors.MANY_CLOSE_ON_EXEC)) {
            Scenario scenario = Scenario.with(many);
            targets.add(new Target(
                    name(scenario) + ": time / with 20",
                    1.15,
                    1.05,
                    true,
                    run -> run.slowdown(SPAWN4J_CLONE3, scenario, Scenario.with(OpenDescriptors.FEW))));
            targets.add(rate(scenario, C_POSIX_SPAWN, 4, 6));
        }
        againstProcessBuilder(targets, Scenario.with(OpenDescriptors.MANY), 250, 400);
        for (Contender contender : Contender.values()) {
            if (contender.hasPolicy()) {
                // Cheaper than the JDK's plain start, which does nothing of it.
                targets.add(new Target(
                        "tiny, 1 caller, " + contender.label() + ": rate / ProcessBuilder",
                        1,
                        1,
                        false,
                        run -> run.rateRatio(Scenario.inContainment(), contender, PROCESS_BUILDER)));
            }
        }
        return List.copyOf(targets);
    }

    private static void againstC(List<Target> targets, Program program, int callers, double floor, double goal) {
        targets.add(rate(Scenario.of(program, true, callers), C_POSIX_SPAWN, floor, goal));
    }

    private static void againstProcessBuilder(List<Target> targets, Scenario scenario, double floor, double goal) {
        targets.add(rate(scenario, PROCESS_BUILDER, floor, goal));
    }

    private static Target rate(Scenario scenario, Contender reference, double floor, double goal) {
        String name = name(scenario) + ": rate / " + reference.shortName();
        return new Target(name, floor, goal, false, run -> run.rateRatio(scenario, SPAWN4J_CLONE3, reference));
    }

    private static String name(Scenario scenario) {
        return String.format(
                Locale.ROOT,
                "%s, %s%s",
                scenario.program() == Program.TINY ? "tiny" : "/bin/true",
                scenario.threads() == 1 ? "1 caller" : scenario.threads() + " callers",
                scenario.descriptors() == OpenDescriptors.NONE
                        ? ""
                        : ", " + scenario.descriptors().label());
    }

    /** In words, for a median. */
    String verdict(double median) {
        if (reaches(median, goal)) {
            return "goal reached";
        }
        return reaches(median, floor) ? "reached" : "**missed**";
    }

    private boolean reaches(double median, double wanted) {
        return lessIsBetter ? median <= wanted : median >= wanted;
    }
}
