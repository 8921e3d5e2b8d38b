// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.util.List;

/**
 * One curve of a {@link CurveChart}.
 *
 * @param points joined by lines in this order
 * @param highlighted whether it is drawn thicker, above the others, and in the accent colour if it is the first such
 *     curve
 */
public record Curve(String label, List<Point> points, boolean highlighted) {
    /** @throws IllegalArgumentException if there is no point */
    public Curve {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("The curve has no points: " + label + ".");
        }
    }
}
