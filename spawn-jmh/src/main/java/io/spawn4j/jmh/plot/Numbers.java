// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** How numbers are checked and written. */
final class Numbers {
    private Numbers() {}

    static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("A picture shows finite numbers only: " + name + ", " + value + ".");
        }
    }

    static void requireInterval(String name, double value, double low, double high) {
        requireFinite(name, value);
        requireFinite(name, low);
        requireFinite(name, high);
        if (low > value || value > high) {
            throw new IllegalArgumentException(
                    "The interval does not hold the value: " + name + ", " + value + ", " + low + " to " + high + ".");
        }
    }

    /** All digits, in groups of three, and no exponent: 0.05, 100, 10,000. */
    static String format(double value) {
        return decimalFormat("#,##0.#########").format(value);
    }

    /** Three significant digits, or all before the point: 0.80, 3.25, 12.5, 5,469. */
    static String formatRounded(double value) {
        if (value >= 99.95) {
            return decimalFormat("#,##0").format(value);
        }
        return decimalFormat(value >= 9.995 ? "0.0" : "0.00").format(value);
    }

    private static DecimalFormat decimalFormat(String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
