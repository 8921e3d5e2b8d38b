// SPDX-License-Identifier: Apache-2.0

/**
 * Pictures of measurements, as SVG files: {@link io.spawn4j.jmh.plot.BarChart} and
 * {@link io.spawn4j.jmh.plot.CurveChart}.
 *
 * <p>XChart draws the plots. Text is written as text, which XChart would turn into outlines. The same data gives the
 * same bytes on every host, and needs the font DejaVu Sans there.
 */
@NullMarked
package io.spawn4j.jmh.plot;

import org.jspecify.annotations.NullMarked;
