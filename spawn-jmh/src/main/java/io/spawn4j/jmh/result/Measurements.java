// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All measurements of a run. Ratios are paired: each is taken within one round, where both ran close together. */
public final class Measurements {
    private final List<Measurement> all = new ArrayList<>();

    public void add(Measurement measurement) {
        all.add(measurement);
    }

    /**
     * Along the suite's curve, if it is one, and else as they first ran: one that failed in the first round ran later.
     */
    List<Scenario> scenarios(Suite suite) {
        return all.stream()
                .map(Measurement::cell)
                .filter(cell -> cell.suite() == suite)
                .map(Cell::scenario)
                .distinct()
                .sorted(Comparator.comparingDouble(Scenario::x))
                .toList();
    }

    /** Who was measured in a scenario, in the order of the enum. */
    List<Contender> contenders(String scenario) {
        return all.stream()
                .map(Measurement::cell)
                .filter(cell -> cell.scenario().id().equals(scenario))
                .map(Cell::contender)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** Who was measured in one of them, in the order of the enum. */
    List<Contender> contenders(List<Scenario> scenarios) {
        return scenarios.stream()
                .flatMap(scenario -> contenders(scenario.id()).stream())
                .distinct()
                .sorted()
                .toList();
    }

    Optional<Sample> figure(String scenario, Contender contender, Figure figure) {
        List<Double> values = List.copyOf(values(scenario, contender, figure).values());
        return values.isEmpty() ? Optional.empty() : Optional.of(new Sample(values));
    }

    /** The figure divided by that of {@code reference} in the same scenario. */
    Optional<Sample> ratio(String scenario, Contender contender, Contender reference, Figure figure) {
        return ratio(scenario, contender, scenario, reference, figure);
    }

    /** The figure divided by that of {@code reference} in another scenario. */
    Optional<Sample> ratio(
            String scenario, Contender contender, String otherScenario, Contender reference, Figure figure) {
        return ratio(values(scenario, contender, figure), values(otherScenario, reference, figure));
    }

    /** One contender's figure in the one scenario divided by that in the other. */
    Optional<Sample> across(String dividend, String divisor, Contender contender, Figure figure) {
        return ratio(dividend, contender, divisor, contender, figure);
    }

    /** How often an operation makes each system call, by its name; of the first round. */
    Map<String, Double> syscalls(String scenario, Contender contender) {
        Map<String, Double> calls = new TreeMap<>();
        all.stream()
                .filter(measurement -> measurement.cell().scenario().id().equals(scenario)
                        && measurement.cell().contender() == contender)
                .findFirst()
                .ifPresent(measurement -> measurement.figures().forEach((name, value) -> {
                    if (name.startsWith(Figure.SYSCALL_PREFIX)) {
                        calls.put(name.substring(Figure.SYSCALL_PREFIX.length()), value);
                    }
                }));
        return calls;
    }

    private Map<Integer, Double> values(String scenario, Contender contender, Figure figure) {
        Map<Integer, Double> byRound = new TreeMap<>();
        for (Measurement measurement : all) {
            Cell cell = measurement.cell();
            if (cell.scenario().id().equals(scenario) && cell.contender() == contender) {
                measurement.figure(figure).ifPresent(value -> byRound.put(measurement.round(), value));
            }
        }
        return byRound;
    }

    private static Optional<Sample> ratio(Map<Integer, Double> numerators, Map<Integer, Double> denominators) {
        List<Double> ratios = new ArrayList<>();
        numerators.forEach((round, numerator) -> {
            Double denominator = denominators.get(round);
            if (denominator != null && denominator != 0) {
                ratios.add(numerator / denominator);
            }
        });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(new Sample(ratios));
    }
}
