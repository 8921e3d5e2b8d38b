// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Horizontal bars, the first one on top, on an axis that starts at zero. It is as high and wide as its bars and texts
 * need.
 *
 * @param unit what the values are, like "spawns per second"
 * @param reference a value that a line across all bars shows
 * @param referenceLabel names that line; not shown if there is no reference
 */
public record BarChart(String title, String unit, List<Bar> bars, OptionalDouble reference, String referenceLabel) {
    private static final int MARGIN = 20;
    private static final int GAP = 8;
    private static final int ROW = 28;
    private static final int PLOT_WIDTH = 480;
    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke BAR = new BasicStroke(18, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
    private static final BasicStroke DASHED =
            new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 3}, 0);

    /** @throws IllegalArgumentException if there is no bar, or the reference is not finite or negative */
    public BarChart {
        bars = List.copyOf(bars);
        if (bars.isEmpty()) {
            throw new IllegalArgumentException("The chart has no bars: " + title + ".");
        }
        if (reference.isPresent()) {
            Numbers.requireFinite(referenceLabel, reference.getAsDouble());
            if (reference.getAsDouble() < 0) {
                throw new IllegalArgumentException(
                        "The reference cannot be negative: " + referenceLabel + ", " + reference.getAsDouble() + ".");
            }
        }
    }

    /**
     * Draws the chart.
     *
     * @throws IOException if the file cannot be written, or this host lacks the font; no part of the file is left
     *     behind
     */
    public void write(Path svgFile, Theme theme) throws IOException {
        Canvas.requireFont();
        Axis values = Axis.fromZero(0, largest());
        String referenceText =
                reference.isPresent() ? referenceLabel + ": " + Numbers.formatRounded(reference.getAsDouble()) : "";
        int left = MARGIN
                + GAP
                + bars.stream()
                        .mapToInt(bar -> style(bar).width(bar.label()))
                        .max()
                        .orElse(0);
        int top = MARGIN + (reference.isPresent() ? 66 : 46);
        int valueWidth = Canvas.Style.PLAIN.width(bars.stream().map(bar -> Numbers.formatRounded(bar.value())));
        Rectangle area = new Rectangle(left, top, PLOT_WIDTH, ROW * bars.size());
        int width = MARGIN
                + IntStream.of(
                                area.x + area.width + GAP + valueWidth,
                                MARGIN + Canvas.Style.TITLE.width(title),
                                MARGIN + Canvas.Style.PLAIN.width(Stream.of(unit, referenceText)))
                        .max()
                        .orElseThrow();

        Canvas canvas = new Canvas(theme, width, area.y + area.height + 24 + MARGIN);
        Plot plot = plot(theme, area, values);
        plot.paint(canvas);

        canvas.text(title, Canvas.Style.TITLE, MARGIN, MARGIN + 14, Canvas.Anchor.START);
        canvas.text(unit, Canvas.Style.PLAIN, MARGIN, MARGIN + 36, Canvas.Anchor.START);
        for (double tick : values.ticks()) {
            canvas.text(
                    Numbers.format(tick), Canvas.Style.PLAIN, plot.x(tick), area.getMaxY() + 18, Canvas.Anchor.MIDDLE);
        }
        for (int i = 0; i < bars.size(); i++) {
            annotate(bars.get(i), plot, plot.y(y(i)), area, canvas, theme);
        }
        if (reference.isPresent()) {
            double half = Canvas.Style.PLAIN.width(referenceText) / 2.0;
            double middle = Math.max(MARGIN + half, Math.min(plot.x(reference.getAsDouble()), width - MARGIN - half));
            canvas.text(referenceText, Canvas.Style.PLAIN, middle, top - 6, Canvas.Anchor.MIDDLE);
        }
        canvas.write(svgFile);
    }

    private Plot plot(Theme theme, Rectangle area, Axis values) {
        Plot plot = new Plot(theme, area, values, new Axis(-0.5, bars.size() - 0.5, false, List.of()));
        values.ticks().forEach(tick -> plot.vertical(tick, theme.grid(), THIN));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            Color color = bar.highlighted() ? theme.accent() : theme.neutral();
            plot.line(new double[] {0, bar.value()}, new double[] {y(i), y(i)}, color, BAR, SeriesMarkers.NONE);
        }
        reference.ifPresent(value -> plot.vertical(value, theme.reference(), DASHED));
        return plot;
    }

    private static void annotate(Bar bar, Plot plot, double y, Rectangle area, Canvas canvas, Theme theme) {
        canvas.text(bar.label(), style(bar), area.x - GAP, y + 5, Canvas.Anchor.END);
        canvas.interval(plot.x(bar.low()), y, plot.x(bar.high()), y, theme.text());
        canvas.label(Numbers.formatRounded(bar.value()), plot.x(bar.high()) + GAP, y + 5);
    }

    private static Canvas.Style style(Bar bar) {
        return bar.highlighted() ? Canvas.Style.STRONG : Canvas.Style.PLAIN;
    }

    /** The y axis points upwards. */
    private double y(int index) {
        return bars.size() - 1.0 - index;
    }

    private double largest() {
        return DoubleStream.concat(bars.stream().mapToDouble(Bar::high), reference.stream())
                .max()
                .orElseThrow();
    }
}
