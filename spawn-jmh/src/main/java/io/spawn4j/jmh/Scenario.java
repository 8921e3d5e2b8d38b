// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static io.spawn4j.jmh.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.Contender.SPAWN4J_CLONE3;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One thing that is measured for every contender that takes part.
 *
 * @param contained whether the contenders are those that hold the child's tree or change its credentials
 */
record Scenario(Program program, boolean pipes, int threads, OpenDescriptors descriptors, boolean contained) {
    static Scenario of(Program program, boolean pipes, int threads) {
        return new Scenario(program, pipes, threads, OpenDescriptors.NONE, false);
    }

    static Scenario with(OpenDescriptors descriptors) {
        return new Scenario(Program.TINY, true, 1, descriptors, false);
    }

    /** The tiny program in a containment or with other credentials, beside plain starts of it. */
    static Scenario inContainment() {
        return new Scenario(Program.TINY, true, 1, OpenDescriptors.NONE, true);
    }

    /** Every program, with and without pipes, by 1, 2 and 4 callers, and the tiny program with open descriptors and contained. */
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
        all.add(inContainment());
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
                with(OpenDescriptors.MANY_CLOSE_ON_EXEC),
                inContainment());
    }

    /** Who takes part, in the order of the first round. */
    List<Contender> contenders() {
        return contained
                ? Stream.of(Contender.values())
                        .filter(contender ->
                                contender == SPAWN4J_CLONE3 || contender == PROCESS_BUILDER || !contender.isPlain())
                        .toList()
                : Contender.plain();
    }

    /** Whose rate and CPU time the others' are divided by. */
    Contender yardstick() {
        return contained ? PROCESS_BUILDER : C_POSIX_SPAWN;
    }

    /** Whose rate the others' is divided by besides. */
    Contender secondYardstick() {
        return contained ? SPAWN4J_CLONE3 : PROCESS_BUILDER;
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
                + (descriptors == OpenDescriptors.NONE ? "" : "." + descriptors.id())
                + (contained ? ".contained" : "");
    }

    String label() {
        return program.label()
                + (pipes ? ", three pipes, " : ", /dev/null, ")
                + (threads == 1 ? "1 caller" : threads + " callers")
                + (descriptors == OpenDescriptors.NONE ? "" : ", " + descriptors.label())
                + (contained ? ", contained or with other credentials" : "");
    }
}
