// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Cells;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measurements that nobody measured. */
final class Runs {
    private Runs() {}

    /** Of a scenario of a full run. */
    static Measurement measurement(int round, String scenario, Contender contender, Map<Figure, Double> figures) {
        Map<String, Double> byKey = new HashMap<>();
        figures.forEach((figure, value) -> byKey.put(figure.key(), value));
        return new Measurement(round, Cells.full(scenario, contender), byKey);
    }

    /** A rate for each round. */
    static Measurements rates(String scenario, Contender contender, double... rates) {
        Measurements measurements = new Measurements();
        addRates(measurements, scenario, contender, rates);
        return measurements;
    }

    static void addRates(Measurements measurements, String scenario, Contender contender, double... rates) {
        for (int round = 0; round < rates.length; round++) {
            measurements.add(measurement(round, scenario, contender, Map.of(Figure.RATE, rates[round])));
        }
    }

    /** Every figure that a suite's tables show, with this value, for each cell. */
    static Measurements everything(List<Cell> cells, double value) {
        Measurements measurements = new Measurements();
        for (Cell cell : cells) {
            Map<String, Double> figures = new HashMap<>();
            cell.suite().figures().forEach(figure -> figures.put(figure.key(), value));
            measurements.add(new Measurement(0, cell, figures));
        }
        return measurements;
    }
}
