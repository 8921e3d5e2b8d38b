// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** All measurements of a run. Ratios are paired: each is taken within one round, where both ran close together. */
final class Measurements {
    private final List<Measurement> all = new ArrayList<>();

    void add(Measurement measurement) {
        all.add(measurement);
    }

    List<Scenario> scenarios() {
        return all.stream().map(Measurement::scenario).distinct().toList();
    }

    int rounds() {
        return (int) all.stream().mapToInt(Measurement::round).distinct().count();
    }

    Optional<Sample> rate(Scenario scenario, Contender contender) {
        return sample(of(scenario, contender).values().stream(), Measurement::spawnsPerSecond);
    }

    Optional<Sample> cpuMicros(Scenario scenario, Contender contender) {
        return sample(of(scenario, contender).values().stream(), Measurement::cpuMicros);
    }

    /** How many times as many spawns per second as {@code reference} in the same scenario. */
    Optional<Sample> rateRatio(Scenario scenario, Contender contender, Contender reference) {
        return ratio(of(scenario, contender), of(scenario, reference), Measurement::spawnsPerSecond);
    }

    /** How many times the CPU time of {@code reference} in the same scenario. */
    Optional<Sample> cpuRatio(Scenario scenario, Contender contender, Contender reference) {
        return ratio(of(scenario, contender), of(scenario, reference), Measurement::cpuMicros);
    }

    /** How many times as slow one contender is in {@code scenario} as in {@code reference}. */
    Optional<Sample> slowdown(Contender contender, Scenario scenario, Scenario reference) {
        return ratio(of(reference, contender), of(scenario, contender), Measurement::spawnsPerSecond);
    }

    private Map<Integer, Measurement> of(Scenario scenario, Contender contender) {
        Map<Integer, Measurement> byRound = new TreeMap<>();
        for (Measurement measurement : all) {
            if (measurement.scenario().equals(scenario) && measurement.contender() == contender) {
                byRound.put(measurement.round(), measurement);
            }
        }
        return byRound;
    }

    private static Optional<Sample> sample(Stream<Measurement> measurements, ToDoubleFunction<Measurement> value) {
        List<Double> values = measurements
                .map(measurement -> value.applyAsDouble(measurement))
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(new Sample(values));
    }

    private static Optional<Sample> ratio(
            Map<Integer, Measurement> numerators,
            Map<Integer, Measurement> denominators,
            ToDoubleFunction<Measurement> value) {
        List<Double> ratios = new ArrayList<>();
        numerators.forEach((round, numerator) -> {
            Measurement denominator = denominators.get(round);
            if (denominator != null) {
                ratios.add(value.applyAsDouble(numerator) / value.applyAsDouble(denominator));
            }
        });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(new Sample(ratios));
    }
}
