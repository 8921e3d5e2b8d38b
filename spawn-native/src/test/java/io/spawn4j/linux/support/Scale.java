// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/** How often stress tests repeat: {@code spawn4j.test.scale}, 1.0 unless told otherwise. */
public final class Scale {
    private Scale() {}

    /** The factor itself. */
    public static double factor() {
        return Double.parseDouble(System.getProperty("spawn4j.test.scale", "1.0"));
    }

    /** {@code repetitions} times the factor, at least 1. */
    public static int of(int repetitions) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(repetitions * factor())));
    }
}
