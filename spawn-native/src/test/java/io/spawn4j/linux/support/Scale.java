// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/** How often stress tests repeat: {@code spawn4j.test.scale}, 1.0 unless told otherwise. */
public final class Scale {
    private static final String NESTED = "spawn4j.test.nested";

    private Scale() {}

    /** The factor itself. */
    public static double factor() {
        return Double.parseDouble(System.getProperty("spawn4j.test.scale", "1.0"));
    }

    /** Whether this is no {@link NestedSuite} nor a JVM that one started: full numbers are for the main mode. */
    public static boolean isMain() {
        return !Boolean.getBoolean(NESTED);
    }

    static void nest() {
        System.setProperty(NESTED, "true");
    }

    /** One number in the main mode and another in a nested suite, times the factor, at least 1. */
    public static int of(int main, int nested) {
        return of(isMain() ? main : nested);
    }

    /** {@code repetitions} times the factor, at least 1. */
    public static int of(int repetitions) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(repetitions * factor())));
    }
}
