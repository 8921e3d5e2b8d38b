// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

/**
 * One point of a {@link Curve}.
 *
 * @param low the lower end of the interval around y; y itself if there is none
 * @param high the upper end
 */
public record Point(double x, double y, double low, double high) {
    /** @throws IllegalArgumentException if a number is not finite, or the interval does not hold y */
    public Point {
        Numbers.requireFinite("x", x);
        Numbers.requireInterval("y at x = " + Numbers.format(x), y, low, high);
    }
}
