// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.plot.Bar;
import io.spawn4j.jmh.plot.BarChart;
import io.spawn4j.jmh.plot.Curve;
import io.spawn4j.jmh.plot.CurveChart;
import io.spawn4j.jmh.plot.Point;
import io.spawn4j.jmh.plot.Theme;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A run's pictures, each for light and for dark pages: bars for rates, curves against what grows. */
final class Pictures {
    private static final double MICROS = 1e6;

    private Pictures() {}

    /** A picture's name without theme and ending. */
    static String name(Scenario scenario) {
        return scenario.id().replace('.', '-');
    }

    static String name(Suite suite) {
        return "curve-" + suite.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Writes all that the measurements give into the directory. */
    static void write(Path directory, Measurements measurements) throws IOException {
        for (Suite suite : Suite.values()) {
            List<Scenario> scenarios = measurements.scenarios(suite);
            switch (suite.shape()) {
                case BARS -> {
                    for (Scenario scenario : scenarios) {
                        BarChart chart = bars(suite, scenario, measurements);
                        write(directory, name(scenario), chart::write);
                    }
                }
                case CURVE -> write(directory, name(suite), curves(suite, measurements));
                case RAMP -> {
                    for (Scenario scenario : scenarios) {
                        write(directory, name(scenario), ramp(scenario, measurements));
                    }
                }
                case TABLE, GRID -> {}
            }
        }
    }

    private static void write(Path directory, String name, Optional<CurveChart> chart) throws IOException {
        if (chart.isPresent()) {
            write(directory, name, chart.get()::write);
        }
    }

    private static void write(Path directory, String name, Chart chart) throws IOException {
        for (Theme theme : Theme.values()) {
            chart.write(file(directory, name, theme), theme);
        }
    }

    /** A chart of any kind. */
    private interface Chart {
        void write(Path file, Theme theme) throws IOException;
    }

    private static Path file(Path directory, String name, Theme theme) {
        return directory.resolve(name + "-" + theme.name().toLowerCase(Locale.ROOT) + ".svg");
    }

    private static BarChart bars(Suite suite, Scenario scenario, Measurements measurements) {
        List<Bar> bars = new ArrayList<>();
        for (Contender contender : measurements.contenders(scenario.id())) {
            Sample rate = measurements
                    .figure(scenario.id(), contender, Figure.RATE)
                    .orElseThrow(() -> new IllegalStateException(contender + " has no rate in " + scenario.id()));
            Sample.Interval interval = rate.medianInterval();
            bars.add(new Bar(contender.label(), rate.median(), interval.low(), interval.high(), contender.isSpawn4j()));
        }
        OptionalDouble reference = measurements
                .figure(scenario.id(), suite.reference(), Figure.RATE)
                .map(rate -> OptionalDouble.of(rate.median()))
                .orElse(OptionalDouble.empty());
        return new BarChart(
                scenario.label(),
                Figure.RATE.label(),
                bars,
                reference,
                suite.reference().label());
    }

    /** Empty where fewer than two scenarios of the suite were measured: a point is no curve. */
    static Optional<CurveChart> curves(Suite suite, Measurements measurements) {
        List<Scenario> scenarios = measurements.scenarios(suite).stream()
                .filter(scenario -> !Double.isNaN(scenario.x()))
                .toList();
        if (scenarios.size() < 2) {
            return Optional.empty();
        }
        List<Curve> curves = new ArrayList<>();
        for (Contender contender : measurements.contenders(scenarios)) {
            List<Point> points = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                measurements.figure(scenario.id(), contender, Figure.RATE).ifPresent(rate -> {
                    Sample.Interval interval = rate.medianInterval();
                    points.add(new Point(
                            scenario.x(), MICROS / rate.median(), MICROS / interval.high(), MICROS / interval.low()));
                });
            }
            curves.add(new Curve(contender.label(), points, contender.isSpawn4j()));
        }
        return Optional.of(new CurveChart(
                suite.title() + ": what a spawn and wait takes", suite.xLabel(), "us per spawn", true, true, curves));
    }

    /** Empty where fewer than two of its figures were measured. */
    static Optional<CurveChart> ramp(Scenario scenario, Measurements measurements) {
        List<Curve> curves = new ArrayList<>();
        for (Contender contender : measurements.contenders(scenario.id())) {
            List<Point> points = new ArrayList<>();
            for (Figure figure : Figure.ofRamp()) {
                measurements.figure(scenario.id(), contender, figure).ifPresent(millis -> {
                    Sample.Interval interval = millis.medianInterval();
                    points.add(new Point(figure.child(), millis.median(), interval.low(), interval.high()));
                });
            }
            if (points.size() > 1) {
                curves.add(new Curve(contender.label(), points, contender.isSpawn4j()));
            }
        }
        return curves.isEmpty()
                ? Optional.empty()
                : Optional.of(new CurveChart(
                        scenario.label(), "children so far", "ms since the first request", true, true, curves));
    }
}
