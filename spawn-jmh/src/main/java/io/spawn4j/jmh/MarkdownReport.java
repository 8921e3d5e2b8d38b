// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The report as people read it: what it was measured on, then a table per scenario. */
final class MarkdownReport {
    private static final String NONE = "–";
    private static final int BAR_CELLS = 40;
    private static final int LABEL_CELLS = 24;
    private static final String FULL_CELL = "█";

    /** One to eight eighths of a cell. */
    private static final String BAR = "▏▎▍▌▋▊▉" + FULL_CELL;

    private final Map<String, String> host;
    private final ReportOptions options;
    private final Measurements measurements;
    private final Optional<Sample> callCost;
    private final StringBuilder text = new StringBuilder();

    MarkdownReport(
            Map<String, String> host, ReportOptions options, Measurements measurements, Optional<Sample> callCost) {
        this.host = host;
        this.options = options;
        this.measurements = measurements;
        this.callCost = callCost;
    }

    String render() {
        List<Scenario> scenarios = measurements.scenarios();
        line("| measured on | |");
        line("|---|---|");
        host.forEach((name, value) -> line("| %s | %s |", name, value));
        line("");
        line(
                "Rounds: %d. In each, every contender ran once in a JVM of its own, measuring for %d s after %.1f s of warm-up.",
                measurements.rounds(), options.measuredSeconds(), options.warmupMillis() / 1000.0);
        line("Figures are medians over the rounds, ratios medians of the ratios within each round. %s", intervals());
        callCost.ifPresent(cost ->
                line("Being called from Java costs the C contender %s us per child.", withInterval("%.2f", cost)));
        targets();
        bars();
        scenarios.forEach(this::scenario);
        Stream.of(OpenDescriptors.MANY, OpenDescriptors.MANY_CLOSE_ON_EXEC)
                .filter(many -> scenarios.containsAll(List.of(Scenario.with(OpenDescriptors.FEW), Scenario.with(many))))
                .forEach(this::slowdown);
        return text.toString();
    }

    private String intervals() {
        return measurements.rounds() < 2
                ? "One round gives no interval."
                : String.format(
                        Locale.ROOT,
                        "In brackets: an interval that holds the true median with a probability of %.1f %%.",
                        100 * Sample.intervalCoverage(measurements.rounds()));
    }

    private void targets() {
        List<Target> measured = Target.of(options.pinned()).stream()
                .filter(target -> target.ratio().apply(measurements).isPresent())
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        line("");
        line("### Against the floors and goals (spawn4j native, clone3)");
        line("");
        line("| row | floor | goal | measured | |");
        line("|---|---|---|---|---|");
        for (Target target : measured) {
            Sample ratio = target.ratio().apply(measurements).orElseThrow();
            line(
                    "| %s | %s | %s | %s | %s |",
                    target.row(),
                    bound(target, target.floor()),
                    bound(target, target.goal()),
                    withInterval("%.2f", ratio),
                    target.verdict(ratio.median()));
        }
    }

    private static String bound(Target target, double value) {
        return (target.lessIsBetter() ? "at most " : "") + number("%.2f", value);
    }

    /** Spawns per second as bars, each scenario scaled to its fastest contender. */
    private void bars() {
        line("");
        line("```");
        int width = Stream.of(Contender.values())
                .filter(contender -> measurements.scenarios().stream()
                        .anyMatch(scenario ->
                                measurements.rate(scenario, contender).isPresent()))
                .mapToInt(contender -> contender.label().length())
                .reduce(LABEL_CELLS, Math::max);
        for (Scenario scenario : measurements.scenarios()) {
            double fastest = rates(scenario).mapToDouble(Sample::median).max().orElse(1);
            line("%s", scenario.label());
            for (Contender contender : Contender.values()) {
                measurements.rate(scenario, contender).ifPresent(rate -> {
                    long eighths = Math.max(1, Math.round(rate.median() / fastest * BAR_CELLS * BAR.length()));
                    int cells = (int) eighths / BAR.length();
                    int rest = (int) eighths % BAR.length();
                    String bar = FULL_CELL.repeat(cells) + (rest == 0 ? "" : BAR.substring(rest - 1, rest));
                    line("  %-" + width + "s %s %,.0f", contender.label(), bar, rate.median());
                });
            }
        }
        line("```");
    }

    private Stream<Sample> rates(Scenario scenario) {
        return Stream.of(Contender.values()).flatMap(contender -> measurements.rate(scenario, contender).stream());
    }

    private void scenario(Scenario scenario) {
        line("");
        line("### %s (`%s`)", scenario.label(), scenario.id());
        line("");
        Contender first = scenario.yardstick();
        Contender second = scenario.secondYardstick();
        line(
                "| contender | spawns/s | best | us per spawn | CPU us per spawn | rate / %1$s | rate / %2$s | CPU / %1$s |",
                first.shortName(), second.shortName());
        line("|---|---|---|---|---|---|---|---|");
        for (Contender contender : Contender.values()) {
            measurements
                    .rate(scenario, contender)
                    .ifPresent(rate -> line(
                            "| %s | %s | %,.0f | %,.1f | %s | %s | %s | %s |",
                            contender.label(),
                            withInterval("%,.0f", rate),
                            rate.largest(),
                            1e6 / rate.median(),
                            withInterval("%,.0f", measurements.cpuMicros(scenario, contender)),
                            withInterval("%.2f", measurements.rateRatio(scenario, contender, first)),
                            withInterval("%.2f", measurements.rateRatio(scenario, contender, second)),
                            withInterval("%.2f", measurements.cpuRatio(scenario, contender, first))));
        }
    }

    private void slowdown(OpenDescriptors many) {
        line("");
        line("### How many times as slow: %s instead of %s", many.label(), OpenDescriptors.FEW.label());
        line("");
        line("| contender | times as slow |");
        line("|---|---|");
        for (Contender contender : Contender.values()) {
            measurements
                    .slowdown(contender, Scenario.with(many), Scenario.with(OpenDescriptors.FEW))
                    .ifPresent(times -> line("| %s | %s |", contender.label(), withInterval("%.2f", times)));
        }
    }

    private static String withInterval(String format, Optional<Sample> sample) {
        return sample.map(present -> withInterval(format, present)).orElse(NONE);
    }

    private static String withInterval(String format, Sample sample) {
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
