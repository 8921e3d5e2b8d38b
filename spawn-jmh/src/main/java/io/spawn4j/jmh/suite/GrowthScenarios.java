// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.NUPROCESS;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER_FORK;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER_VFORK;
import static io.spawn4j.jmh.suite.Entrants.JAVA;
import static io.spawn4j.jmh.suite.Entrants.MAIN;
import static io.spawn4j.jmh.suite.Entrants.inFull;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Starting the tiny program while something grows: what the JVM has, or what it passes on. */
final class GrowthScenarios {
    private GrowthScenarios() {}

    static List<Scenario> descriptors(Length length) {
        List<Scenario> all = new ArrayList<>();
        int[] counts = length.choose(
                new int[] {20, 15_000}, new int[] {20, 15_000}, new int[] {20, 200, 2000, 15_000, 100_000});
        for (int count : counts) {
            all.add(open(count, false, length));
        }
        if (length != Length.QUICK) {
            all.add(open(15_000, true, length));
        }
        return all.stream()
                .map(scenario -> scenario.among(oneInSmoke(length, MAIN))
                        .andOnce(inFull(length, PROCESS_BUILDER_VFORK))
                        .inRounds(length.rounds(3)))
                .toList();
    }

    static List<Scenario> heap(Length length) {
        int[] gibs = length.choose(new int[] {1}, new int[] {0, 4}, new int[] {0, 2, 8});
        return IntStream.of(gibs)
                .mapToObj(gib -> spawn("heap." + gib, gib == 0 ? "small heap" : gib + " GiB of touched heap", length)
                        .lasting(Timing.ofRates(length).andPreparing(500 * gib))
                        .at(gib)
                        .launched(
                                gib == 0
                                        ? Launch.PLAIN.with("-Xmx256m")
                                        : Launch.PLAIN.with(
                                                "-Xms" + gib + "g", "-Xmx" + gib + "g", "-XX:+AlwaysPreTouch"))
                        .among(oneInSmoke(length, MAIN))
                        .andOnce(inFull(length, PROCESS_BUILDER_FORK))
                        .inRounds(length.rounds(2)))
                .toList();
    }

    static List<Scenario> live(Length length) {
        int[] counts = length.choose(new int[] {10}, new int[] {}, new int[] {0, 1000, 10_000});
        return IntStream.of(counts)
                .mapToObj(count -> spawn(
                                "live." + count, String.format(Locale.ROOT, "beside %,d live children", count), length)
                        .lasting(Timing.ofRates(length).andPreparing(count / 2))
                        .at(count)
                        .with("children", count)
                        .launched(Launch.PLAIN.withOpenFiles(count == 10_000 ? 15_000 : 0))
                        .among(oneInSmoke(length, MAIN))
                        // 10,000 of NuProcess's would need 30,000 descriptors.
                        .andOnce(count < 10_000 ? inFull(length, NUPROCESS) : List.of())
                        .inRounds(length.rounds(2)))
                .toList();
    }

    static List<Scenario> environment(Length length) {
        int[] sizes = length.choose(new int[] {10_000}, new int[] {0, 1_000_000}, new int[] {0, 100_000, 1_000_000});
        return IntStream.of(sizes)
                .mapToObj(bytes -> ofSize("env", bytes, "more of environment", length)
                        .launched(Launch.PLAIN.withEnvironment(bytes))
                        .among(oneInSmoke(length, MAIN)))
                .toList();
    }

    static List<Scenario> changedEnvironment(Length length) {
        return sizesButInQuick(length)
                .mapToObj(bytes -> ofSize("changed-env", bytes, "more of environment, one variable added", length)
                        .with("changedEnvironment", true)
                        .launched(Launch.PLAIN.withEnvironment(bytes))
                        .among(oneInSmoke(length, JAVA)))
                .toList();
    }

    static List<Scenario> arguments(Length length) {
        return sizesButInQuick(length)
                .mapToObj(bytes -> ofSize("args", bytes, "of arguments", length)
                        .with("argumentBytes", bytes)
                        .among(oneInSmoke(length, MAIN)))
                .toList();
    }

    private static IntStream sizesButInQuick(Length length) {
        return IntStream.of(length.choose(new int[] {10_000}, new int[] {}, new int[] {0, 100_000, 1_000_000}));
    }

    private static Scenario spawn(String id, String label, Length length) {
        return Scenario.of(id, label, Method.SPAWN, Timing.ofRates(length));
    }

    /** @param what follows the number of bytes */
    private static Scenario ofSize(String id, int bytes, String what, Length length) {
        return spawn(id + "." + bytes, String.format(Locale.ROOT, "%,d bytes %s", bytes, what), length)
                .at(bytes);
    }

    private static Scenario open(int count, boolean closeOnExec, Length length) {
        return spawn(
                        "fd." + count + (closeOnExec ? ".cloexec" : ""),
                        String.format(
                                Locale.ROOT, "%,d open %sdescriptors", count, closeOnExec ? "close-on-exec " : ""),
                        length)
                .at(closeOnExec ? Double.NaN : count)
                .with("descriptors", count)
                .with("closeOnExec", closeOnExec)
                .launched(Launch.PLAIN.withOpenFiles(count + 1000));
    }
}
