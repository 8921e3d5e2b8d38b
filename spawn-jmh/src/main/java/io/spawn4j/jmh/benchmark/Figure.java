// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A kind of number that a fork gives. */
public enum Figure {
    /** Operations per second, of all callers together. */
    RATE("spawns/s", "%,.0f", false),
    /** User and system time of an operation: the JVM's with all its threads, and its reaped children's. */
    CPU("CPU us", "%,.0f", true),
    /** Context switches of an operation, voluntary and not, of the JVM and its reaped children. */
    SWITCHES("context switches", "%,.1f", true),
    /** Bytes allocated on the Java heap in an operation, by all threads. */
    ALLOCATED("heap bytes", "%,.0f", true),

    /** The median of single latencies. */
    P50("median us", "%,.1f", true),
    /** Nine of ten are not longer. */
    P90("p90 us", "%,.1f", true),
    /** 99 of 100 are not longer. */
    P99("p99 us", "%,.1f", true),
    /** 999 of 1,000 are not longer. */
    P999("p99.9 us", "%,.1f", true),
    /** The longest. */
    MAX("max us", "%,.0f", true),

    /** MiB per second. */
    THROUGHPUT("MiB/s", "%,.0f", false),

    /** Java heap that one live child keeps, after a collection. */
    HEAP_PER_CHILD("heap bytes per child", "%,.0f", true),
    /** Resident memory of the JVM that one live child adds. */
    RESIDENT_PER_CHILD("resident bytes per child", "%,.0f", true),
    /** Descriptors of the JVM that one live child keeps. */
    DESCRIPTORS_PER_CHILD("descriptors per child", "%,.2f", true),
    /** Threads of the JVM that were not there before the first child, with all children alive. */
    THREADS("more threads", "%,.0f", true),

    /** System calls of an operation, of the JVM with all its threads and of the child. */
    SYSCALLS("system calls", "%,.1f", true),

    /** Milliseconds from a JVM's first request until its first child is gone. */
    UNTIL_1(1, "ms until the 1st child"),
    /** The same for the tenth of them, one after the other. */
    UNTIL_10(10, "ms until the 10th"),
    /** For the hundredth. */
    UNTIL_100(100, "ms until the 100th"),
    /** For the thousandth. */
    UNTIL_1000(1000, "ms until the 1,000th"),
    /** For the ten-thousandth. */
    UNTIL_10000(10_000, "ms until the 10,000th"),

    /** Seconds until everything was done. */
    SECONDS("seconds", "%,.2f", true),
    /** Virtual threads that were found blocking their carrier. */
    PINNED("pinned", "%,.0f", true),

    /** Operations per second in the first tenth. */
    FIRST("first tenth, spawns/s", "%,.0f", false),
    /** Operations per second in the last tenth. */
    LAST("last tenth, spawns/s", "%,.0f", false),
    /** The last tenth's rate divided by the first's. */
    LAST_TO_FIRST("last / first", "%.3f", false),
    /** The same of the C loop, which ran in between: what the machine did. */
    LAST_TO_FIRST_C("C's last / first meanwhile", "%.3f", false),
    /** The quotient of both. */
    LAST_TO_FIRST_BESIDE_C("last / first beside C", "%.3f", false),
    /** Descriptors at the end that were not there after the first tenth. */
    MORE_DESCRIPTORS("more descriptors", "%,.0f", true),
    /** Threads at the end that were not there after the first tenth. */
    MORE_THREADS("more threads at the end", "%,.0f", true),
    /** Children at the end, zombies included, that were not there after the first tenth. */
    MORE_CHILDREN("more children", "%,.0f", true),
    /** Resident memory at the end that was not there after the first tenth, in KiB. */
    MORE_RESIDENT("more resident KiB", "%,.0f", true);

    /** System calls of one name in an operation: {@code syscall.futex}. */
    public static final String SYSCALL_PREFIX = "syscall.";

    private final String label;
    private final String format;
    private final boolean lessIsBetter;

    /** Whose end it is that a figure of the ramp tells; 0 for the others. */
    private final int child;

    Figure(int child, String label) {
        this(child, label, "%,.1f", true);
    }

    Figure(String label, String format, boolean lessIsBetter) {
        this(0, label, format, lessIsBetter);
    }

    Figure(int child, String label, String format, boolean lessIsBetter) {
        this.child = child;
        this.label = label;
        this.format = format;
        this.lessIsBetter = lessIsBetter;
    }

    /** The name under which JMH carries it. */
    public String key() {
        return "spawn4j." + name().toLowerCase(Locale.ROOT);
    }

    /** The figure that JMH carries under {@code key}; empty if it is none of ours. */
    public static Optional<Figure> of(String key) {
        return Stream.of(values()).filter(figure -> figure.key().equals(key)).findFirst();
    }

    /** What is shown of operations that follow one another. */
    public static List<Figure> ofRates() {
        return List.of(RATE, CPU, SWITCHES, ALLOCATED);
    }

    /** What is shown of single latencies. */
    public static List<Figure> ofLatencies() {
        return List.of(P50, P90, P99, P999, MAX);
    }

    /** What is shown of a JVM's first children. */
    public static List<Figure> ofRamp() {
        return List.of(UNTIL_1, UNTIL_10, UNTIL_100, UNTIL_1000, UNTIL_10000);
    }

    /** The figure of a ramp that tells when so many children are gone. */
    public static Figure until(int child) {
        return ofRamp().stream()
                .filter(figure -> figure.child == child)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no figure tells when child " + child + " is gone"));
    }

    /** How many children are gone then, for {@link #ofRamp} only. */
    public int child() {
        return child;
    }

    public String label() {
        return label;
    }

    /** For {@link String#format}. */
    public String format() {
        return format;
    }

    public boolean lessIsBetter() {
        return lessIsBetter;
    }
}
