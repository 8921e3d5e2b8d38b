// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One thing that is measured for every contender. */
record Scenario(Program program, boolean pipes, int threads, OpenDescriptors descriptors) {
    static Scenario of(Program program, boolean pipes, int threads) {
        return new Scenario(program, pipes, threads, OpenDescriptors.NONE);
    }

    static Scenario with(OpenDescriptors descriptors) {
        return new Scenario(Program.TINY, true, 1, descriptors);
    }

    /** Every program, with and without pipes, by 1, 2 and 4 callers, and the tiny program with open descriptors. */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Program program : Program.values()) {
            for (boolean pipes : new boolean[] {true, false}) {
                for (int threads : new int[] {1, 2, 4}) {
                    all.add(of(program, pipes, threads));
                }
            }
        }
        all.add(with(OpenDescriptors.FEW));
        all.add(with(OpenDescriptors.MANY));
        all.add(with(OpenDescriptors.MANY_CLOSE_ON_EXEC));
        return List.copyOf(all);
    }

    /** Each value of each parameter at least once. */
    static List<Scenario> few() {
        return List.of(
                of(Program.TINY, true, 1),
                of(Program.TINY, false, 2),
                of(Program.TRUE, true, 4),
                with(OpenDescriptors.FEW),
                with(OpenDescriptors.MANY),
                with(OpenDescriptors.MANY_CLOSE_ON_EXEC));
    }

    Class<?> benchmark() {
        return descriptors == OpenDescriptors.NONE ? SpawnBenchmark.class : OpenDescriptorsBenchmark.class;
    }

    /** A short name to select it by, such as {@code tiny.pipes.t1} or {@code tiny.pipes.t1.fd15000}. */
    String id() {
        return program.name().toLowerCase(Locale.ROOT)
                + (pipes ? ".pipes" : ".null")
                + ".t"
                + threads
                + (descriptors == OpenDescriptors.NONE ? "" : "." + descriptors.id());
    }

    String label() {
        return program.label()
                + (pipes ? ", three pipes, " : ", /dev/null, ")
                + (threads == 1 ? "1 caller" : threads + " callers")
                + (descriptors == OpenDescriptors.NONE ? "" : ", " + descriptors.label());
    }
}
