// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import java.util.Locale;

/** How long a run is to be. */
public enum Length {
    /** Does everything run at all? The figures mean nothing. */
    SMOKE,
    /** A first impression, in less than ten minutes. */
    QUICK,
    /** What is published: about an hour. */
    FULL;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** So many in a full run, and one in a shorter one. */
    int rounds(int full) {
        return this == FULL ? full : 1;
    }

    <T> T choose(T smoke, T quick, T full) {
        return switch (this) {
            case SMOKE -> smoke;
            case QUICK -> quick;
            case FULL -> full;
        };
    }
}
