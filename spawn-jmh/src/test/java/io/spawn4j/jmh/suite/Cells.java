// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import io.spawn4j.jmh.contender.Contender;
import java.util.List;
import java.util.stream.Stream;

/** The cells of runs, for tests. */
public final class Cells {
    private Cells() {}

    /** All of a run, in the order of its first round. */
    public static List<Cell> all(Length length) {
        return Stream.of(Suite.values())
                .flatMap(suite -> suite.scenarios(length).stream()
                        .flatMap(scenario ->
                                scenario.everyone().stream().map(contender -> new Cell(suite, scenario, contender))))
                .toList();
    }

    /** Of a full run. */
    public static Cell full(String scenario, Contender contender) {
        return all(Length.FULL).stream()
                .filter(cell -> cell.id().equals(scenario + "/" + contender))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cell " + scenario + "/" + contender));
    }
}
