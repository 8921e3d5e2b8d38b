// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves on linear or logarithmic axes, told apart by colour, line style and marker.
 *
 * <p>A logarithmic x axis shows 0, too: left of the smallest positive x, about as far from it as the next larger x is,
 * at a tick "0" and with a break in the axis between them. A linear y axis contains zero.
 *
 * @param xLabel what x is, with its unit
 * @param yLabel what y is, with its unit
 */
public record CurveChart(String title, String xLabel, String yLabel, boolean logX, boolean logY, List<Curve> curves) {
    private static final int MARGIN = 20;
    private static final int GAP = 8;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 360;
    private static final int LEGEND_ROW = 24;
    private static final int LEGEND_LINE = 44;
    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke AXIS = new BasicStroke(1.5f);

    /** One per colour of the themes' palettes. */
    private static final List<Look> LOOKS = List.of(
            new Look(SeriesMarkers.CIRCLE),
            new Look(SeriesMarkers.SQUARE, 9, 4),
            new Look(SeriesMarkers.TRIANGLE_UP, 2, 3),
            new Look(SeriesMarkers.DIAMOND, 9, 3, 2, 3),
            new Look(SeriesMarkers.TRIANGLE_DOWN, 16, 4),
            new Look(SeriesMarkers.CROSS, 5, 3),
            new Look(SeriesMarkers.PLUS, 9, 3, 2, 3, 2, 3));

    /**
     * @throws IllegalArgumentException if there is no curve, or more than can be told apart, or a number that a
     *     logarithmic axis cannot show
     */
    public CurveChart {
        curves = List.copyOf(curves);
        if (curves.isEmpty()) {
            throw new IllegalArgumentException("The chart has no curves: " + title + ".");
        }
        if (curves.size() > LOOKS.size()) {
            throw new IllegalArgumentException("No more than " + LOOKS.size() + " curves can be told apart, not "
                    + curves.size() + ": " + title + ".");
        }
        for (Curve curve : curves) {
            for (Point point : curve.points()) {
                if (logX && point.x() < 0) {
                    throw notPositive("x", curve, point.x());
                }
                if (logY && point.low() <= 0) {
                    throw notPositive("y", curve, point.low());
                }
            }
        }
        if (logX && points(curves).allMatch(point -> point.x() == 0)) {
            throw new IllegalArgumentException("A logarithmic x axis needs an x above 0: " + title + ".");
        }
    }

    private static IllegalArgumentException notPositive(String axis, Curve curve, double value) {
        return new IllegalArgumentException(
                "A logarithmic " + axis + " axis cannot show " + value + ": " + curve.label() + ".");
    }

    /**
     * Draws the chart.
     *
     * @throws IOException if the file cannot be written, or this host lacks the font; no part of the file is left
     *     behind
     */
    public void write(Path svgFile, Theme theme) throws IOException {
        Canvas.requireFont();
        Axis xAxis = xAxis();
        Axis yAxis = yAxis();
        int tickWidth = Canvas.Style.PLAIN.width(yAxis.ticks().stream().map(Numbers::format));
        Rectangle area = new Rectangle(MARGIN + tickWidth + GAP, MARGIN + 54, PLOT_WIDTH, PLOT_HEIGHT);
        int legendX = area.x + area.width + 3 * GAP;
        int legendTextX = legendX + LEGEND_LINE + GAP;
        int legendWidth = curves.stream()
                .mapToInt(curve -> style(curve).width(curve.label()))
                .max()
                .orElse(0);
        int width = MARGIN
                + IntStream.of(
                                legendTextX + legendWidth,
                                MARGIN + Canvas.Style.TITLE.width(title),
                                MARGIN + Canvas.Style.PLAIN.width(Stream.of(xLabel, yLabel)))
                        .max()
                        .orElseThrow();
        Canvas canvas = new Canvas(theme, width, area.y + area.height + 46 + MARGIN);
        Plot plot = plot(theme, area, xAxis, yAxis);
        plot.paint(canvas);

        canvas.text(title, Canvas.Style.TITLE, MARGIN, MARGIN + 14, Canvas.Anchor.START);
        canvas.text(yLabel, Canvas.Style.PLAIN, MARGIN, MARGIN + 36, Canvas.Anchor.START);
        label(xAxis, yAxis, plot, area, canvas, theme);
        intervals(plot, canvas, theme);
        legend(legendX, legendTextX, area.y, canvas, theme);
        canvas.write(svgFile);
    }

    private Plot plot(Theme theme, Rectangle area, Axis xAxis, Axis yAxis) {
        Plot plot = new Plot(theme, area, xAxis, yAxis);
        xAxis.ticks().forEach(tick -> plot.vertical(tick, theme.grid(), THIN));
        yAxis.ticks().forEach(tick -> plot.horizontal(tick, theme.grid(), THIN));
        plot.horizontal(yAxis.min(), theme.text(), AXIS);
        List<Curve> byRank = byRank();
        for (int i = byRank.size() - 1; i >= 0; i--) {
            Curve curve = byRank.get(i);
            plot.line(
                    curve.points().stream()
                            .mapToDouble(point -> shownX(point.x()))
                            .toArray(),
                    curve.points().stream().mapToDouble(Point::y).toArray(),
                    theme.palette(i),
                    LOOKS.get(i).stroke(curve),
                    LOOKS.get(i).marker);
        }
        return plot;
    }

    private void label(Axis xAxis, Axis yAxis, Plot plot, Rectangle area, Canvas canvas, Theme theme) {
        for (double tick : yAxis.ticks()) {
            canvas.text(Numbers.format(tick), Canvas.Style.PLAIN, area.x - GAP, plot.y(tick) + 5, Canvas.Anchor.END);
        }
        double below = area.getMaxY() + 18;
        for (double tick : xAxis.ticks()) {
            canvas.text(Numbers.format(tick), Canvas.Style.PLAIN, plot.x(tick), below, Canvas.Anchor.MIDDLE);
        }
        canvas.text(xLabel, Canvas.Style.PLAIN, area.getCenterX(), below + 24, Canvas.Anchor.MIDDLE);
        if (zeroOnLogX()) {
            canvas.text("0", Canvas.Style.PLAIN, plot.x(shownX(0)), below, Canvas.Anchor.MIDDLE);
            axisBreak(canvas, theme, (plot.x(shownX(0)) + plot.x(smallestPositiveX())) / 2, area.getMaxY());
        }
    }

    private void intervals(Plot plot, Canvas canvas, Theme theme) {
        List<Curve> byRank = byRank();
        for (int i = 0; i < byRank.size(); i++) {
            Color color = theme.palette(i);
            byRank.get(i).points().forEach(point -> {
                double x = plot.x(shownX(point.x()));
                canvas.interval(x, plot.y(point.low()), x, plot.y(point.high()), color);
            });
        }
    }

    private void legend(int lineX, int textX, int top, Canvas canvas, Theme theme) {
        List<Curve> byRank = byRank();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            int rank = byRank.indexOf(curve);
            double y = top + (i + 0.5) * LEGEND_ROW;
            Color color = theme.palette(rank);
            canvas.line(lineX, y, lineX + LEGEND_LINE, y, color, LOOKS.get(rank).stroke(curve));
            canvas.marker(LOOKS.get(rank).marker, lineX + LEGEND_LINE / 2.0, y, color);
            canvas.text(curve.label(), style(curve), textX, y + 5, Canvas.Anchor.START);
        }
    }

    private static void axisBreak(Canvas canvas, Theme theme, double x, double y) {
        canvas.line(x - 3, y, x + 3, y, theme.background(), new BasicStroke(4));
        canvas.line(x - 6, y + 6, x, y - 6, theme.text(), AXIS);
        canvas.line(x, y + 6, x + 6, y - 6, theme.text(), AXIS);
    }

    private Axis xAxis() {
        double min = points(curves).mapToDouble(Point::x).min().orElseThrow();
        double max = points(curves).mapToDouble(Point::x).max().orElseThrow();
        if (!logX) {
            return Axis.linear(min, max);
        }
        return zeroOnLogX()
                ? Axis.logarithmicWithZero(shownX(0), smallestPositiveX(), max)
                : Axis.logarithmic(min, max);
    }

    private Axis yAxis() {
        double min = points(curves).mapToDouble(Point::low).min().orElseThrow();
        double max = points(curves).mapToDouble(Point::high).max().orElseThrow();
        return logY ? Axis.logarithmic(min, max) : Axis.fromZero(min, max);
    }

    private boolean zeroOnLogX() {
        return logX && points(curves).anyMatch(point -> point.x() == 0);
    }

    /** Where x is on the axis, which is x itself unless it is 0 on a logarithmic one. */
    private double shownX(double x) {
        if (!logX || x != 0) {
            return x;
        }
        double smallest = smallestPositiveX();
        double next = points(curves)
                .mapToDouble(Point::x)
                .filter(other -> other > smallest)
                .min()
                .orElse(smallest);
        return smallest / Math.max(2, Math.min(next / smallest, 10));
    }

    private double smallestPositiveX() {
        return points(curves).mapToDouble(Point::x).filter(x -> x > 0).min().orElseThrow();
    }

    /** The curves in the order of the looks and colours that they get: the highlighted ones first. */
    private List<Curve> byRank() {
        return curves.stream()
                .sorted(Comparator.comparing(curve -> !curve.highlighted()))
                .toList();
    }

    private static Stream<Point> points(List<Curve> curves) {
        return curves.stream().flatMap(curve -> curve.points().stream());
    }

    private static Canvas.Style style(Curve curve) {
        return curve.highlighted() ? Canvas.Style.STRONG : Canvas.Style.PLAIN;
    }

    /** What tells a curve apart without colour. */
    private static final class Look {
        private final Marker marker;
        private final float @Nullable [] dashes;

        /** @param dashes the lengths of the dashes and gaps; none for a solid line */
        Look(Marker marker, float... dashes) {
            this.marker = marker;
            this.dashes = dashes.length == 0 ? null : dashes;
        }

        BasicStroke stroke(Curve curve) {
            return new BasicStroke(
                    curve.highlighted() ? 3 : 2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
        }
    }
}
