// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

/**
 * How long one fork runs.
 *
 * @param warmupMillis before anything counts; the JIT compiler takes its share of a single CPU for eight seconds. It
 *     needs starts, not seconds: where programs are started at a rate, all but the last second goes to the tiny one,
 *     whatever the scenario starts
 * @param measuredMillis what counts
 * @param preparingMillis an estimate of what is done besides: the JVM's start, opening descriptors, touching a heap
 */
public record Timing(int warmupMillis, int measuredMillis, int preparingMillis) {
    private static final int JVM_MILLIS = 1700;
    private static final int SCENARIOS_OWN_MILLIS = 1000;

    static Timing of(int warmupMillis, int measuredMillis) {
        return new Timing(warmupMillis, measuredMillis, JVM_MILLIS);
    }

    /** Where nothing speaks for longer. */
    static Timing ofRates(Length length) {
        return length.choose(of(200, 300), of(4000, 1000), of(4000, 2000));
    }

    /** For benchmarks that are called once: an estimate of that call. */
    static Timing once(int millis) {
        return new Timing(0, millis, JVM_MILLIS);
    }

    /** For a JVM of which all that counts is what it does first: an estimate of its whole life. */
    static Timing withoutJmh(int millis) {
        return new Timing(0, millis, 0);
    }

    Timing andPreparing(int millis) {
        return new Timing(warmupMillis, measuredMillis, preparingMillis + millis);
    }

    /** The part of the warm-up in which the scenario itself runs. */
    public int scenariosOwnMillis() {
        return Math.min(warmupMillis, SCENARIOS_OWN_MILLIS);
    }

    /** The part before it, in which the JIT compiler gets as many starts as possible. */
    public int compileMillis() {
        return warmupMillis - scenariosOwnMillis();
    }

    /** For those who have nothing to compile. */
    public Timing withoutCompiling() {
        return new Timing(scenariosOwnMillis(), measuredMillis, preparingMillis);
    }

    /** An estimate of the whole. */
    public int millis() {
        return warmupMillis + measuredMillis + preparingMillis;
    }
}
