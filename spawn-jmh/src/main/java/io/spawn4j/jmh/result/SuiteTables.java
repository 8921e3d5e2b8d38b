// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.HeadStart;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of a report's suites. */
final class SuiteTables {
    private static final double MICROS = 1e6;

    private final Measurements measurements;
    private final Markdown text;

    SuiteTables(Measurements measurements, Markdown text) {
        this.measurements = measurements;
        this.text = text;
    }

    /** Every figure, and its ratio to the reference; rates also to the second one. */
    void of(Suite suite, Scenario scenario) {
        List<String> header = new ArrayList<>(List.of("contender"));
        boolean rates = suite.figures().contains(Figure.RATE);
        List<Figure> compared = suite.figures().stream()
                .filter(figure -> figure != Figure.ALLOCATED && figure != Figure.SWITCHES && figure != Figure.MAX)
                .filter(figure -> measurements
                        .ratio(scenario.id(), suite.reference(), suite.reference(), figure)
                        .isPresent())
                .toList();
        if (rates) {
            header.add("us per spawn");
        }
        suite.figures().forEach(figure -> header.add(figure.label()));
        compared.forEach(
                figure -> header.add(figure.label() + " / " + suite.reference().shortName()));
        if (rates) {
            header.add(Figure.RATE.label() + " / " + suite.secondReference().shortName());
        }
        text.header(header);
        for (Contender contender : measurements.contenders(scenario.id())) {
            List<String> row = new ArrayList<>(List.of(contender.label()));
            if (rates) {
                row.add(measurements
                        .figure(scenario.id(), contender, Figure.RATE)
                        .map(rate -> Markdown.number("%,.1f", MICROS / rate.median()))
                        .orElse(Markdown.NONE));
            }
            for (Figure figure : suite.figures()) {
                row.add(Markdown.withInterval(figure.format(), measurements.figure(scenario.id(), contender, figure)));
            }
            for (Figure figure : compared) {
                row.add(Markdown.withInterval(
                        "%.2f", measurements.ratio(scenario.id(), contender, suite.reference(), figure)));
            }
            if (rates) {
                row.add(Markdown.withInterval(
                        "%.2f", measurements.ratio(scenario.id(), contender, suite.secondReference(), Figure.RATE)));
            }
            text.row(row);
        }
    }

    /** How often each contender makes which call; those that hardly anybody makes left out. */
    void syscalls(Scenario scenario) {
        text.line("");
        for (Contender contender : measurements.contenders(scenario.id())) {
            Map<String, Double> calls = measurements.syscalls(scenario.id(), contender);
            text.line(
                    "- %s: %s",
                    contender.label(),
                    calls.entrySet().stream()
                            .filter(call -> call.getValue() >= 0.01)
                            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(call -> call.getKey() + " " + Markdown.number("%.2f", call.getValue()))
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Microseconds per spawn; how many times as long as in the first scenario; rates by those of the references. */
    void curve(Suite suite, List<Scenario> scenarios) {
        grid(
                "us per spawn",
                scenarios,
                (scenario, contender) -> measurements
                        .figure(scenario.id(), contender, Figure.RATE)
                        .map(rate -> Markdown.number("%,.0f", MICROS / rate.median()))
                        .orElse(Markdown.NONE));
        Scenario first = scenarios.get(0);
        grid(
                "times as long as with " + first.label(),
                scenarios,
                (scenario, contender) -> Markdown.withInterval(
                        "%.2f", measurements.across(first.id(), scenario.id(), contender, Figure.RATE)));
        for (Contender reference : List.of(suite.reference(), suite.secondReference())) {
            grid(
                    "rate / " + reference.shortName(),
                    scenarios,
                    (scenario, contender) -> Markdown.withInterval(
                            "%.2f", measurements.ratio(scenario.id(), contender, reference, Figure.RATE)));
        }
    }

    /** Each figure; its ratio to the reference; and to the reference without a head start in such a JVM. */
    void grid(Suite suite, List<Scenario> scenarios) {
        Contender reference = suite.reference();
        for (Figure figure : suite.figures()) {
            grid(
                    figure.label(),
                    scenarios,
                    (scenario, contender) -> Markdown.withInterval(
                            figure.format(), measurements.figure(scenario.id(), contender, figure)));
            grid(
                    figure.label() + " / " + reference.shortName(),
                    scenarios,
                    (scenario, contender) -> Markdown.withInterval(
                            "%.2f", measurements.ratio(scenario.id(), contender, reference, figure)));
            grid(
                    figure.label() + " / " + reference.shortName() + ", plain",
                    scenarios,
                    (scenario, contender) -> Markdown.withInterval(
                            "%.2f",
                            plain(scenarios, scenario)
                                    .flatMap(plain -> measurements.ratio(
                                            scenario.id(), contender, plain.id(), reference, figure))));
        }
    }

    private static Optional<Scenario> plain(List<Scenario> scenarios, Scenario scenario) {
        return scenarios.stream()
                .filter(other ->
                        HeadStart.of(other) == HeadStart.NONE && other.launch().equals(scenario.launch()))
                .findFirst();
    }

    /** A column for each scenario, a row for each contender. */
    private void grid(String title, List<Scenario> scenarios, BiFunction<Scenario, Contender, String> cell) {
        text.header(Stream.concat(Stream.of(title), scenarios.stream().map(Scenario::label))
                .toList());
        for (Contender contender : measurements.contenders(scenarios)) {
            text.row(Stream.concat(
                            Stream.of(contender.label()),
                            scenarios.stream().map(scenario -> cell.apply(scenario, contender)))
                    .toList());
        }
    }
}
