// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** One axis of a plot: the range it shows and where its ticks are. */
record Axis(double min, double max, boolean logarithmic, List<Double> ticks) {
    private static final int INTERVALS = 6;
    private static final List<Integer> STEPS = List.of(1, 2, 5);

    /** From zero, or below it if there are negative values, to the tick at or above {@code max}. */
    static Axis fromZero(double min, double max) {
        double low = Math.min(0, min);
        double high = max > low ? max : low + 1;
        double step = step(low, high);
        double first = Math.floor(low / step) * step;
        double last = Math.ceil(high / step) * step;
        return new Axis(first, last, false, linearTicks(first, last));
    }

    /** The range shows the values with some room on both sides. */
    static Axis linear(double min, double max) {
        double room = max > min ? (max - min) / 30 : 1;
        return new Axis(min - room, max + room, false, linearTicks(min - room, max + room));
    }

    /** The range shows the values with some room on both sides, and ends where a tick may be. */
    static Axis logarithmic(double min, double max) {
        double room = room(min, max);
        double low = floor(min / room);
        double high = ceiling(max * room);
        return new Axis(low, high, true, logarithmicTicks(low, high));
    }

    /**
     * Like {@link #logarithmic(double, double)}, with room for zero, shown at {@code zero}, and no ticks below
     * {@code min}.
     */
    static Axis logarithmicWithZero(double zero, double min, double max) {
        double high = ceiling(max * room(zero, max));
        return new Axis(zero / room(zero, max), high, true, logarithmicTicks(min, high));
    }

    private static double room(double min, double max) {
        return Math.max(1.1, Math.pow(max / min, 0.03));
    }

    private static List<Double> logarithmicTicks(double min, double max) {
        List<Double> decades = decades(min, max, List.of(1));
        if (decades.size() >= 3) {
            return decades;
        }
        List<Double> steps = decades(min, max, STEPS);
        return steps.size() >= 3 ? steps : linearTicks(min, max);
    }

    private static List<Double> decades(double min, double max, List<Integer> steps) {
        return IntStream.rangeClosed(exponent(min), exponent(max))
                .boxed()
                .flatMap(exponent -> steps.stream().map(step -> scaled(step, exponent)))
                .filter(value -> value >= min && value <= max)
                .toList();
    }

    private static List<Double> linearTicks(double min, double max) {
        double step = step(min, max);
        return DoubleStream.iterate(Math.ceil(min / step), index -> index * step <= max, index -> index + 1)
                .mapToObj(index -> rounded(index * step))
                .toList();
    }

    private static double step(double min, double max) {
        return ceiling((max - min) / INTERVALS);
    }

    /** The next smaller value with a single digit, a 1, 2 or 5. */
    private static double floor(double value) {
        int exponent = exponent(value);
        return STEPS.stream()
                .mapToDouble(step -> scaled(step, exponent))
                .filter(candidate -> candidate <= value)
                .max()
                .orElse(value);
    }

    /** The next larger value with a single digit, a 1, 2 or 5. */
    private static double ceiling(double value) {
        int exponent = exponent(value);
        return IntStream.of(1, 2, 5, 10)
                .mapToDouble(step -> scaled(step, exponent))
                .filter(candidate -> candidate >= value)
                .min()
                .orElse(value);
    }

    private static int exponent(double value) {
        return (int) Math.floor(Math.log10(value));
    }

    private static double scaled(int digit, int exponent) {
        return rounded(digit * Math.pow(10, exponent));
    }

    /** Without what binary fractions add: 0.3, not 0.30000000000000004. */
    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.12e", value));
    }
}
