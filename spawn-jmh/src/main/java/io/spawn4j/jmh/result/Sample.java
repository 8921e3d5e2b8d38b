// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import java.util.Arrays;
import java.util.Collection;

/** One value per round, and what can be said about them without assuming how they are distributed. */
public final class Sample {
    /** How probable it is to be that an interval holds the true median. */
    static final double WANTED_COVERAGE = 0.95;

    private final double[] sorted;

    /**
     * Copies the values.
     *
     * @throws IllegalArgumentException if there is no value, or one that is not a finite number
     */
    public Sample(Collection<Double> values) {
        sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        if (!Arrays.stream(sorted).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("not finite: " + Arrays.toString(sorted));
        }
    }

    int size() {
        return sorted.length;
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The narrowest symmetric pair of order statistics that holds the true median with at least 95 %; with fewer than
     * six values none does, and it is the smallest and the largest.
     */
    Interval medianInterval() {
        int outside = outside(sorted.length);
        return new Interval(sorted[outside], sorted[sorted.length - 1 - outside]);
    }

    /** How probable it is that {@link #medianInterval} of {@code size} values holds the true median. */
    static double intervalCoverage(int size) {
        return coverage(size, outside(size));
    }

    /** How many values lie outside the interval on each side. */
    private static int outside(int size) {
        int outside = 0;
        while (coverage(size, outside + 1) >= WANTED_COVERAGE) {
            outside++;
        }
        return outside;
    }

    /** Each value is as likely below the true median as above it, so the number of those below is binomial. */
    private static double coverage(int size, int outside) {
        double missed = 0;
        double probability = Math.pow(0.5, size);
        for (int below = 0; below <= outside; below++) {
            missed += probability;
            probability *= (double) (size - below) / (below + 1);
        }
        return 1 - 2 * missed;
    }

    /** The interval from {@code low} to {@code high}, both included. */
    record Interval(double low, double high) {}
}
