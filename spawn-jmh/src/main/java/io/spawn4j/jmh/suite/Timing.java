// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

/**
 * How long one fork runs.
 *
 * @param warmupMillis before anything counts; the JIT compiler takes its share of a single CPU for eight seconds
 * @param measuredMillis what counts
 * @param preparingMillis an estimate of what is done besides: the JVM's start, opening descriptors, touching a heap
 */
public record Timing(int warmupMillis, int measuredMillis, int preparingMillis) {
    private static final int JVM_MILLIS = 1700;

    static Timing of(int warmupMillis, int measuredMillis) {
        return new Timing(warmupMillis, measuredMillis, JVM_MILLIS);
    }

    /** For benchmarks that are called once: an estimate of that call. */
    static Timing once(int millis) {
        return new Timing(0, millis, JVM_MILLIS);
    }

    Timing andPreparing(int millis) {
        return new Timing(warmupMillis, measuredMillis, preparingMillis + millis);
    }

    /** An estimate of the whole. */
    public int millis() {
        return warmupMillis + measuredMillis + preparingMillis;
    }
}
