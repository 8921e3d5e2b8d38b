// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** A run as Markdown: the machine, the targets, and for each suite its pictures and tables. */
final class MarkdownReport {
    private final Facts facts;
    private final Measurements measurements;
    private final Markdown text = new Markdown();
    private final SuiteTables tables;

    MarkdownReport(Facts facts, Measurements measurements) {
        this.facts = facts;
        this.measurements = measurements;
        this.tables = new SuiteTables(measurements, text);
    }

    String render() {
        text.line("# Benchmark results, %s run", facts.length());
        text.line("");
        text.line("| measured on | |");
        text.line("|---|---|");
        facts.machine().forEach((name, value) -> text.row(List.of(name, value)));
        text.line("");
        text.line(
                "Figures are medians over the rounds, ratios medians of the ratios within each round. In brackets: an"
                        + " interval that holds the true median with at least %s from six rounds on, with %s for five,"
                        + " %s for three, %s for two; where there is none, there was one round.",
                percent(Sample.WANTED_COVERAGE), coverage(5), coverage(3), coverage(2));
        if (!facts.callCostMicros().isEmpty()) {
            text.line(
                    "Being called from Java costs the contenders in C %s us per child.",
                    Markdown.withInterval("%.2f", new Sample(facts.callCostMicros())));
        }
        text.list("Left out", facts.leftOut());
        text.list("Failed", facts.failures());
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

    private void targets() {
        List<Target> measured = Target.all().stream()
                .filter(target -> target.value().apply(measurements).isPresent())
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        text.line("");
        text.line("## Against the floors and goals (spawn4j native, clone3)");
        text.line("");
        text.line("| row | floor | goal | measured | |");
        text.line("|---|---|---|---|---|");
        for (Target target : measured) {
            Sample value = target.value().apply(measurements).orElseThrow();
            // A goal that is the floor, too, is a matter of per cent.
            String format = target.goal() >= 1000 ? "%,.0f" : target.goal() == target.floor() ? "%.3f" : "%.2f";
            text.row(List.of(
                    target.row(),
                    bound(target, format, target.floor()),
                    bound(target, format, target.goal()),
                    Markdown.withInterval(format, value),
                    target.verdict(value.median())));
        }
    }

    private static String bound(Target target, String format, double value) {
        return (target.lessIsBetter() ? "at most " : "") + Markdown.number(format, value);
    }

    private void suite(Suite suite, List<Scenario> scenarios) {
        text.line("");
        text.line("## %s", suite.title());
        switch (suite.shape()) {
            case CURVE -> {
                if (Pictures.curves(suite, measurements).isPresent()) {
                    text.picture(Pictures.name(suite), suite.title());
                }
                tables.curve(suite, scenarios);
            }
            case GRID -> tables.grid(suite, scenarios);
            case BARS, RAMP, TABLE -> scenarios.forEach(scenario -> scenario(suite, scenario));
        }
    }

    private void scenario(Suite suite, Scenario scenario) {
        text.line("");
        text.line("### %s (`%s`)", scenario.label(), scenario.id());
        boolean drawn = switch (suite.shape()) {
            case BARS -> true;
            case RAMP -> Pictures.ramp(scenario, measurements).isPresent();
            case CURVE, GRID, TABLE -> false;
        };
        if (drawn) {
            text.picture(Pictures.name(scenario), scenario.label());
        }
        tables.of(suite, scenario);
        if (suite == Suite.SYSCALLS) {
            tables.syscalls(scenario);
        }
    }
}
