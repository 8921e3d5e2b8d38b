// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** What the settings of a {@link SpawnPolicy} may be. Each check returns the value it accepts. */
final class PolicyCheck {
    static final int MAX_UMASK = 0777;
    static final int MIN_NICE = -20;
    static final int MAX_NICE = 19;
    static final int MAX_CPU = 1023;
    static final int MIN_CHILD_DESCRIPTOR = 3;
    static final int MAX_CHILD_DESCRIPTOR = 1023;
    /** One message carries at most 253 descriptors (SCM_MAX_FD), three of them the standard streams. */
    static final int MAX_EXTRA = 250;

    private static final Duration MAX_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

    private PolicyCheck() {}

    static long range(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " out of range " + min + " to " + max + ": " + value);
        }
        return value;
    }

    static int umask(int mask) {
        if (mask < 0 || mask > MAX_UMASK) {
            throw new IllegalArgumentException(
                    "umask out of range 0 to 0777: " + (mask < 0 ? String.valueOf(mask) : "0%o".formatted(mask)));
        }
        return mask;
    }

    static Set<Signal> maskable(String what, Set<Signal> signals) {
        Set<Signal> copy = EnumSet.noneOf(Signal.class);
        for (Signal signal : signals) {
            if (!Objects.requireNonNull(signal, "signal").isMaskable()) {
                throw new IllegalArgumentException(what + ": " + signal + " cannot be blocked or ignored");
            }
            copy.add(signal);
        }
        return Collections.unmodifiableSet(copy);
    }

    static BitSet cpus(int... cpus) {
        if (cpus.length == 0) {
            throw new IllegalArgumentException("cpuAffinity: no CPU given");
        }
        BitSet set = new BitSet();
        for (int cpu : cpus) {
            set.set((int) range("cpuAffinity", cpu, 0, MAX_CPU));
        }
        return set;
    }

    static Redirect file(Redirect redirect) {
        if (redirect.file() == null) {
            throw new IllegalArgumentException("extraFile: not a redirect to or from a file: " + redirect);
        }
        int at = redirect.file().getPath().indexOf('\0');
        if (at >= 0) {
            throw new IllegalArgumentException("extraFile: null character at " + at + " of the path: " + redirect);
        }
        return redirect;
    }

    static Duration timeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "startTimeout out of range, more than zero and at most 292 years: " + timeout);
        }
        return timeout;
    }
}
