// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the value of a policy's setting may be, whatever the others are. Each check returns the value it accepts. */
final class PolicyCheck {
    static final int MAX_UMASK = 0777;
    static final int MIN_NICE = -20;
    static final int MAX_NICE = 19;
    static final int MAX_CPU = 1023;
    static final int MIN_CHILD_DESCRIPTOR = 3;
    static final int MAX_CHILD_DESCRIPTOR = 1023;
    /** One message carries at most 253 descriptors (SCM_MAX_FD): three are the standard streams, two spawn4j-init's. */
    static final int MAX_EXTRA = 248;

    static final int MIN_OOM_SCORE = -1000;
    static final int MAX_OOM_SCORE = 1000;
    static final long MAX_ID = 0xffff_fffeL;
    static final int MAX_GROUPS = 8192;
    /** The largest page of the architectures we know; the kernel rounds down to whole pages. */
    static final long MIN_CGROUP_MEMORY = 1 << 16;

    /** The kernel takes no more tasks (PID_MAX_LIMIT). */
    static final int MAX_TASKS = 1 << 22;

    /** Of the kernel's period of 100 ms, the least quota is 1 ms. */
    static final double MIN_CPUS = 0.01;

    static final double MAX_CPUS = 100_000;
    private static final int MAX_ID_DIGITS = 18;

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

    static Path cgroup(Path directory) {
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("joinCgroup: not an absolute path: " + directory);
        }
        return directory;
    }

    /** A name, or a number in decimal, as chown(1) takes them. */
    static String account(String what, String nameOrNumber) {
        if (nameOrNumber.isEmpty() || nameOrNumber.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + ": empty, or with a null character: \"" + nameOrNumber.replace('\0', '?') + "\"");
        }
        if (nameOrNumber.chars().allMatch(c -> c >= '0' && c <= '9')) {
            // The largest number means "unchanged" to the kernel.
            long number = nameOrNumber.length() > MAX_ID_DIGITS ? Long.MAX_VALUE : Long.parseLong(nameOrNumber);
            if (number > MAX_ID) {
                throw new IllegalArgumentException(what + " out of range 0 to " + MAX_ID + ": " + nameOrNumber);
            }
            return Long.toString(number);
        }
        return nameOrNumber;
    }

    static SortedSet<String> groups(String... namesOrNumbers) {
        SortedSet<String> groups = new TreeSet<>();
        for (String group : namesOrNumbers) {
            groups.add(account("supplementaryGroups", Objects.requireNonNull(group, "group")));
        }
        if (groups.size() > MAX_GROUPS) {
            throw new IllegalArgumentException("supplementaryGroups: more than " + MAX_GROUPS + ": " + groups.size());
        }
        return Collections.unmodifiableSortedSet(groups);
    }

    static Set<Capability> capabilities(Set<Capability> capabilities) {
        Set<Capability> copy = EnumSet.noneOf(Capability.class);
        for (Capability capability : capabilities) {
            copy.add(Objects.requireNonNull(capability, "capability"));
        }
        return Collections.unmodifiableSet(copy);
    }

    static List<Containment> containments(Containment first, Containment... others) {
        List<Containment> all = new ArrayList<>();
        all.add(Objects.requireNonNull(first, "containment"));
        for (Containment other : others) {
            all.add(Objects.requireNonNull(other, "containment"));
        }
        if (Set.copyOf(all).size() < all.size()) {
            throw new IllegalArgumentException("containment: one of them twice: " + all);
        }
        if (all.size() > 1 && all.contains(Containment.NONE)) {
            throw new IllegalArgumentException(
                    "containment: a policy is kept or refused, so NONE stands alone: " + all);
        }
        return first == Containment.NONE ? List.of() : List.copyOf(all);
    }

    static double cpus(double cpus) {
        if (!(cpus >= MIN_CPUS && cpus <= MAX_CPUS)) {
            throw new IllegalArgumentException(
                    "cgroupCpuMax out of range " + MIN_CPUS + " to " + MAX_CPUS + ": " + cpus);
        }
        return cpus;
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
