// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The inner part of a chart: all that has no text, drawn by XChart. */
final class Plot {
    private final Rectangle area;
    private final Axis xAxis;
    private final Axis yAxis;
    private final XYChart chart;

    Plot(Theme theme, Rectangle area, Axis xAxis, Axis yAxis) {
        this.area = area;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        chart = new XYChart(area.width, area.height);
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(theme.background())
                .setPlotBackgroundColor(theme.background())
                .setPlotBorderVisible(false)
                .setPlotContentSize(1)
                .setChartPadding(0)
                .setChartTitleVisible(false)
                .setLegendVisible(false)
                .setMarkerSize(Canvas.MARKER_SIZE);
        styler.setPlotMargin(0)
                .setAxisTitlesVisible(false)
                .setAxisTicksVisible(false)
                .setPlotGridLinesVisible(false)
                .setXAxisLogarithmic(xAxis.logarithmic())
                .setYAxisLogarithmic(yAxis.logarithmic())
                .setXAxisMin(xAxis.min())
                .setXAxisMax(xAxis.max())
                .setYAxisMin(yAxis.min())
                .setYAxisMax(yAxis.max());
    }

    /** Draws a line through the plot, above what was drawn before. */
    void vertical(double x, Color color, BasicStroke stroke) {
        line(new double[] {x, x}, new double[] {yAxis.min(), yAxis.max()}, color, stroke, SeriesMarkers.NONE);
    }

    /** Draws a line through the plot, above what was drawn before. */
    void horizontal(double y, Color color, BasicStroke stroke) {
        line(new double[] {xAxis.min(), xAxis.max()}, new double[] {y, y}, color, stroke, SeriesMarkers.NONE);
    }

    /** Draws lines from point to point, above what was drawn before. */
    void line(double[] xs, double[] ys, Color color, BasicStroke stroke, Marker marker) {
        chart.addSeries("series " + chart.getSeriesMap().size(), xs, ys)
                .setMarker(marker)
                .setMarkerColor(color)
                .setLineColor(color)
                .setLineStyle(stroke);
    }

    void paint(Canvas canvas) {
        canvas.within(area, graphics -> chart.paint(graphics, area.width, area.height));
    }

    /** Where {@code x} is in the picture; known once this is painted. */
    double x(double x) {
        return area.x + chart.getScreenXFromChart(x);
    }

    /** Where {@code y} is in the picture; known once this is painted. */
    double y(double y) {
        return area.y + chart.getScreenYFromChart(y);
    }
}
