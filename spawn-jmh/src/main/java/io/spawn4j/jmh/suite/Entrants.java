// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;

import io.spawn4j.jmh.contender.Contender;
import java.util.List;
import java.util.stream.Stream;

/** Who usually takes part in a scenario. */
final class Entrants {
    /** Us, what everybody uses, and the limit: in every round. */
    static final List<Contender> MAIN = List.of(SPAWN4J_CLONE3, PROCESS_BUILDER, C_POSIX_SPAWN);

    /** Those of them in Java, for what the loop in C does not do. */
    static final List<Contender> JAVA = List.of(SPAWN4J_CLONE3, PROCESS_BUILDER);

    /** All the rest that do the same work. */
    static final List<Contender> OTHERS = Stream.of(Contender.Group.PLAIN, Contender.Group.RIVAL, Contender.Group.C)
            .flatMap(group -> group.contenders().stream())
            .filter(contender -> !MAIN.contains(contender))
            .toList();

    private Entrants() {}

    /** A smoke run asks whether the scenario runs at all. */
    static List<Contender> oneInSmoke(Length length, List<Contender> otherwise) {
        return length == Length.SMOKE ? List.of(SPAWN4J_CLONE3) : otherwise;
    }

    static List<Contender> inFull(Length length, Contender... who) {
        return length == Length.FULL ? List.of(who) : List.of();
    }
}
