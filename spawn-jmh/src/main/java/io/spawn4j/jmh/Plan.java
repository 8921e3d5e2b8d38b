// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Method;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import io.spawn4j.jmh.suite.Timing;
import java.util.ArrayList;
import java.util.List;

/** What a run consists of: rounds of cells, in the order in which they run. */
final class Plan {
    private final ReportOptions options;

    Plan(ReportOptions options) {
        this.options = options;
    }

    /** One list for each round. A scenario's contenders follow one another directly. */
    List<List<Cell>> rounds() {
        List<List<Cell>> rounds = new ArrayList<>();
        for (int round = 0; ; round++) {
            List<Cell> cells = round(round);
            if (cells.isEmpty()) {
                return rounds;
            }
            rounds.add(cells);
        }
    }

    private List<Cell> round(int round) {
        List<Cell> cells = new ArrayList<>();
        for (Suite suite : Suite.values()) {
            for (Scenario own : suite.scenarios(options.length())) {
                Scenario scenario = options.rounds().isPresent()
                        ? own.inRounds(options.rounds().getAsInt())
                        : own;
                scenario.contendersOf(round).stream()
                        .map(contender -> new Cell(suite, scenario, contender))
                        .filter(cell -> options.only().test(cell.id()))
                        .forEach(cells::add);
            }
        }
        return cells;
    }

    Timing timing(Cell cell) {
        Timing own = cell.scenario().timing();
        if (cell.scenario().method().once()) { // one call takes as long as it takes
            return own;
        }
        Timing timing = options.timing(own);
        boolean nothingToCompile =
                cell.scenario().method() == Method.SPAWN && cell.contender().group() == Contender.Group.C;
        return nothingToCompile ? timing.withoutCompiling() : timing;
    }
}
