// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the native engine has to reach in a scenario: the floor always, the goal in the end. Ratios where there are any,
 * since they alone repeat.
 *
 * @param row what is compared
 * @param floor the least that is acceptable (the most, where less is better)
 * @param goal what is aimed at
 * @param lessIsBetter whether the figure is a cost
 * @param value takes it from a run; empty where the run did not measure it
 */
record Target(
        String row, double floor, double goal, boolean lessIsBetter, Function<Measurements, Optional<Sample>> value) {

    private static final double CPU_FLOOR = 1.25;

    static List<Target> all() {
        List<Target> targets = new ArrayList<>();
        targets.add(rate("tiny, on one CPU", "pinned.tiny.t1", C_POSIX_SPAWN, 0.80, 1.0));
        targets.add(rate("tiny, 4 callers", "tiny.t4", C_POSIX_SPAWN, 0.75, 1.0));
        targets.add(rate("tiny, 1 caller", "tiny.t1", C_POSIX_SPAWN, 0.52, 0.80));
        targets.add(rate("/bin/true, on one CPU", "pinned.true.t1", C_POSIX_SPAWN, 0.92, 1.0));
        targets.add(rate("/bin/true, 4 callers", "true.t4", C_POSIX_SPAWN, 0.90, 1.0));
        targets.add(rate("/bin/true, 1 caller", "true.t1", C_POSIX_SPAWN, 0.85, 0.95));
        targets.add(cpu("tiny, on one CPU", "pinned.tiny.t1"));
        targets.add(cpu("tiny, 1 caller", "tiny.t1"));
        targets.add(cpu("tiny, 4 callers", "tiny.t4"));
        targets.add(cpu("/bin/true, 1 caller", "true.t1"));
        targets.add(rate("/bin/true, 1 caller", "true.t1", PROCESS_BUILDER, 1.8, 2.2));
        targets.add(rate("tiny, 1 caller", "tiny.t1", PROCESS_BUILDER, 7, 12));
        targets.add(slowdown("tiny, 15,000 open descriptors: time / with 20", "fd.15000", "fd.20", 1.15, 1.05));
        targets.add(rate("tiny, 15,000 open descriptors", "fd.15000", C_POSIX_SPAWN, 4, 6));
        targets.add(rate("tiny, 15,000 open descriptors", "fd.15000", PROCESS_BUILDER, 250, 400));
        targets.add(slowdown("tiny, 8 GiB of touched heap: time / with a small one", "heap.8", "heap.0", 1.15, 1.05));
        targets.add(
                slowdown("tiny, beside 10,000 live children: time / beside none", "live.10000", "live.0", 1.3, 1.1));
        targets.add(figure("threads that live children need", "footprint", Figure.THREADS, 4, 3));
        targets.add(figure("heap bytes per live child", "footprint", Figure.HEAP_PER_CHILD, 4096, 1536));
        targets.add(ratio(
                "reading from stdout: MiB/s / ProcessBuilder",
                "output.root",
                PROCESS_BUILDER,
                Figure.THROUGHPUT,
                1.0,
                1.5));
        for (int millis : new int[] {1, 20}) {
            for (Figure percentile : List.of(Figure.P50, Figure.P99)) {
                targets.add(ratio(
                        "exit to the waiting thread, after " + millis + " ms, "
                                + (percentile == Figure.P50 ? "median" : "p99") + ": time / C",
                        "exit." + millis + "ms",
                        C_POSIX_SPAWN,
                        percentile,
                        3,
                        1.5));
            }
        }
        targets.add(figure(
                "endurance: rate of the last tenth / of the first, beside C's",
                "endurance",
                Figure.LAST_TO_FIRST_BESIDE_C,
                0.97,
                0.97));
        targets.add(ratio(
                "system calls of a spawn and wait / ProcessBuilder",
                "syscalls",
                PROCESS_BUILDER,
                Figure.SYSCALLS,
                1,
                1));
        targets.add(ratio(
                "context switches of a spawn and wait, tiny, 1 caller / ProcessBuilder",
                "tiny.t1",
                PROCESS_BUILDER,
                Figure.SWITCHES,
                1,
                1));
        for (int jdk : new int[] {17, 25}) {
            targets.add(first(jdk, "plain", "", 4));
            targets.add(first(jdk, "cds", ", AppCDS", 2.5));
            targets.add(first(jdk, "prepared", ", prepared", 1));
        }
        targets.add(ratio(
                "the first 100 children: time / ProcessBuilder", "ramp.free", PROCESS_BUILDER, Figure.UNTIL_100, 1, 1));
        targets.add(ratio(
                "the first 100 children, on one CPU: time / ProcessBuilder",
                "ramp.pinned",
                PROCESS_BUILDER,
                Figure.UNTIL_100,
                1,
                1));
        targets.add(ratio("start() with 4 callers, p99: time / C", "start.t4", C_POSIX_SPAWN, Figure.P99, 3, 1.5));
        targets.add(ratio("start() with 4 callers, p99.9: time / C", "start.t4", C_POSIX_SPAWN, Figure.P999, 3, 1.5));
        for (Contender contender : Contender.Group.CONTAINED.contenders()) {
            if (contender.hasPolicy()) {
                // Cheaper than the JDK's plain start, which does nothing of it.
                targets.add(ratio(
                        "tiny, 1 caller, " + contender.label() + ": rate / ProcessBuilder",
                        "contained",
                        contender,
                        PROCESS_BUILDER,
                        Figure.RATE,
                        1,
                        1));
            }
        }
        return List.copyOf(targets);
    }

    private static Target rate(String what, String scenario, Contender reference, double floor, double goal) {
        return ratio(what + ": rate / " + reference.shortName(), scenario, reference, Figure.RATE, floor, goal);
    }

    private static Target cpu(String what, String scenario) {
        return ratio(what + ": CPU time / C", scenario, C_POSIX_SPAWN, Figure.CPU, CPU_FLOOR, 1.0);
    }

    private static Target ratio(
            String row, String scenario, Contender reference, Figure figure, double floor, double goal) {
        return ratio(row, scenario, SPAWN4J_CLONE3, reference, figure, floor, goal);
    }

    private static Target ratio(
            String row,
            String scenario,
            Contender contender,
            Contender reference,
            Figure figure,
            double floor,
            double goal) {
        return new Target(
                row, floor, goal, figure.lessIsBetter(), run -> run.ratio(scenario, contender, reference, figure));
    }

    /** Of ProcessBuilder's without a head start, whatever spawn4j's is. */
    private static Target first(int jdk, String headStart, String inWords, double goal) {
        String scenario = "first.jdk" + jdk + ".";
        return new Target(
                "the first child, JDK " + jdk + inWords + ": time / ProcessBuilder, plain",
                goal,
                goal,
                true,
                run -> run.ratio(
                        scenario + headStart, SPAWN4J_CLONE3, scenario + "plain", PROCESS_BUILDER, Figure.UNTIL_1));
    }

    /** Rates turned round: how many times as long. */
    private static Target slowdown(String row, String scenario, String reference, double floor, double goal) {
        return new Target(row, floor, goal, true, run -> run.across(reference, scenario, SPAWN4J_CLONE3, Figure.RATE));
    }

    private static Target figure(String row, String scenario, Figure figure, double floor, double goal) {
        return new Target(row, floor, goal, figure.lessIsBetter(), run -> run.figure(scenario, SPAWN4J_CLONE3, figure));
    }

    /** In words, for a median. */
    String verdict(double median) {
        if (reaches(median, goal)) {
            return "goal reached";
        }
        return reaches(median, floor) ? "floor reached" : "**missed**";
    }

    private boolean reaches(double median, double wanted) {
        return lessIsBetter ? median <= wanted : median >= wanted;
    }
}
