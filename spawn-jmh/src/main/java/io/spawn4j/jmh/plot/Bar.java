// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

/**
 * One bar of a {@link BarChart}.
 *
 * @param value in the chart's unit
 * @param low the lower end of the interval around the value; the value itself if there is none
 * @param high the upper end
 * @param highlighted whether it is drawn in the accent colour
 */
public record Bar(String label, double value, double low, double high, boolean highlighted) {
    /**
     * @throws IllegalArgumentException if a number is not finite or negative, or the interval does not hold the value
     */
    public Bar {
        Numbers.requireInterval(label, value, low, high);
        if (low < 0) {
            throw new IllegalArgumentException("A bar cannot be negative: " + label + ", " + low + ".");
        }
    }
}
