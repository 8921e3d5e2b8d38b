// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run as Markdown: the machine, the targets, and for each suite its pictures and tables. */
final class MarkdownReport {
    private static final String NONE = "";
    private static final double MICROS = 1e6;

    private final Facts facts;
    private final Measurements measurements;
    private final StringBuilder text = new StringBuilder();

    MarkdownReport(Facts facts, Measurements measurements) {
        this.facts = facts;
        this.measurements = measurements;
    }

    String render() {
        line("# Benchmark results, %s run", facts.length());
        line("");
        line("| measured on | |");
        line("|---|---|");
        facts.machine().forEach((name, value) -> row(List.of(name, value)));
        line("");
        line(
                "Figures are medians over the rounds, ratios medians of the ratios within each round. In brackets: an interval that holds the"
                        + " true median with at least %s from six rounds on, with %s for five, %s for three, %s for two; where there is"
                        + " none, there was one round.",
                percent(Sample.WANTED_COVERAGE), coverage(5), coverage(3), coverage(2));
        if (!facts.callCostMicros().isEmpty()) {
            line(
                    "Being called from Java costs the contenders in C %s us per child.",
                    withInterval("%.2f", new Sample(facts.callCostMicros())));
        }
        list("Left out", facts.leftOut());
        list("Failed", facts.failures());
        targets();
        for (Suite suite : Suite.values()) {
            List<Scenario> scenarios = measurements.scenarios(suite);
            if (!scenarios.isEmpty()) {
                suite(suite, scenarios);
            }
        }
        return text.toString();
    }

    private static String coverage(int rounds) {
        return percent(Sample.intervalCoverage(rounds));
    }

    private static String percent(double part) {
        return new DecimalFormat("0.# %", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(part);
    }

    private void list(String title, List<String> entries) {
        if (!entries.isEmpty()) {
            line("");
            line("%s:", title);
            line("");
            entries.forEach(this::entry);
        }
    }

    /** Behind the first line as it is: a fork's log is full of what Markdown takes for headings. */
    private void entry(String entry) {
        List<String> lines = entry.lines().toList();
        line("- %s", lines.isEmpty() ? NONE : lines.get(0));
        if (lines.size() > 1) {
            line("");
            lines.stream().skip(1).forEach(more -> line("%s", ("      " + more).stripTrailing()));
            line("");
        }
    }

    private void targets() {
        List<Target> measured = Target.all().stream()
                .filter(target -> target.value().apply(measurements).isPresent())
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        line("");
        line("## Against the floors and goals (spawn4j native, clone3)");
        line("");
        line("| row | floor | goal | measured | |");
        line("|---|---|---|---|---|");
        for (Target target : measured) {
            Sample value = target.value().apply(measurements).orElseThrow();
            // A goal that is the floor, too, is a matter of per cent.
            String format = target.goal() >= 1000 ? "%,.0f" : target.goal() == target.floor() ? "%.3f" : "%.2f";
            row(List.of(
                    target.row(),
                    bound(target, format, target.floor()),
                    bound(target, format, target.goal()),
                    withInterval(format, value),
                    target.verdict(value.median())));
        }
    }

    private static String bound(Target target, String format, double value) {
        return (target.lessIsBetter() ? "at most " : "") + number(format, value);
    }

    private void suite(Suite suite, List<Scenario> scenarios) {
        line("");
        line("## %s", suite.title());
        if (suite.shape() == Suite.Shape.CURVE) {
            if (Pictures.of(suite, measurements).isPresent()) {
                picture(Pictures.name(suite), suite.title());
            }
            curve(suite, scenarios);
            return;
        }
        for (Scenario scenario : scenarios) {
            line("");
            line("### %s (`%s`)", scenario.label(), scenario.id());
            if (suite.shape() == Suite.Shape.BARS) {
                picture(Pictures.name(scenario), scenario.label());
            }
            table(suite, scenario);
            syscalls(suite, scenario);
        }
    }

    private void picture(String name, String alternative) {
        line("");
        line(
                "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%1$s-dark.svg\"><img alt=\"%2$s\" src=\"%1$s-light.svg\"></picture>",
                name, alternative);
    }

    /** Every figure, and its ratio to the reference; rates also to the second one. */
    private void table(Suite suite, Scenario scenario) {
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
        header(header);
        for (Contender contender : measurements.contenders(scenario.id())) {
            List<String> row = new ArrayList<>(List.of(contender.label()));
            if (rates) {
                row.add(measurements
                        .figure(scenario.id(), contender, Figure.RATE)
                        .map(rate -> number("%,.1f", MICROS / rate.median()))
                        .orElse(NONE));
            }
            for (Figure figure : suite.figures()) {
                row.add(withInterval(figure.format(), measurements.figure(scenario.id(), contender, figure)));
            }
            for (Figure figure : compared) {
                row.add(withInterval("%.2f", measurements.ratio(scenario.id(), contender, suite.reference(), figure)));
            }
            if (rates) {
                row.add(withInterval(
                        "%.2f", measurements.ratio(scenario.id(), contender, suite.secondReference(), Figure.RATE)));
            }
            row(row);
        }
    }

    private void syscalls(Suite suite, Scenario scenario) {
        if (suite != Suite.SYSCALLS) {
            return;
        }
        line("");
        for (Contender contender : measurements.contenders(scenario.id())) {
            Map<String, Double> calls = measurements.syscalls(scenario.id(), contender);
            line(
                    "- %s: %s",
                    contender.label(),
                    calls.entrySet().stream()
                            .filter(call -> call.getValue() >= 0.01)
                            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(call -> call.getKey() + " " + number("%.2f", call.getValue()))
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Microseconds per spawn; how many times as long as in the first scenario; rates by those of the references. */
    private void curve(Suite suite, List<Scenario> scenarios) {
        curve(
                "us per spawn",
                scenarios,
                (scenario, contender) -> measurements
                        .figure(scenario, contender, Figure.RATE)
                        .map(rate -> number("%,.0f", MICROS / rate.median()))
                        .orElse(NONE));
        Scenario first = scenarios.get(0);
        curve(
                "times as long as with " + first.label(),
                scenarios,
                (scenario, contender) ->
                        withInterval("%.2f", measurements.across(first.id(), scenario, contender, Figure.RATE)));
        for (Contender reference : List.of(suite.reference(), suite.secondReference())) {
            curve(
                    "rate / " + reference.shortName(),
                    scenarios,
                    (scenario, contender) ->
                            withInterval("%.2f", measurements.ratio(scenario, contender, reference, Figure.RATE)));
        }
    }

    /** A column for each scenario, a row for each contender; {@code cell} gets the scenario's id. */
    private void curve(String title, List<Scenario> scenarios, BiFunction<String, Contender, String> cell) {
        header(Stream.concat(Stream.of(title), scenarios.stream().map(Scenario::label))
                .toList());
        for (Contender contender : measurements.contenders(scenarios)) {
            row(Stream.concat(
                            Stream.of(contender.label()),
                            scenarios.stream().map(scenario -> cell.apply(scenario.id(), contender)))
                    .toList());
        }
    }

    private void header(List<String> cells) {
        line("");
        row(cells);
        line("|%s", "---|".repeat(cells.size()));
    }

    private void row(List<String> cells) {
        // A mitigation's name or a limit may contain what separates cells.
        line("| %s |", cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")));
    }

    private static String withInterval(String format, Optional<Sample> sample) {
        return sample.map(present -> withInterval(format, present)).orElse(NONE);
    }

    static String withInterval(String format, Sample sample) {
        String median = number(format, sample.median());
        if (sample.size() < 2) {
            return median;
        }
        Sample.Interval interval = sample.medianInterval();
        return median + " (" + number(format, interval.low()) + " to " + number(format, interval.high()) + ")";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private void line(String format, Object... arguments) {
        text.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
                .append('\n');
    }
}
