// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import io.spawn4j.jmh.benchmark.BytesBenchmark;
import io.spawn4j.jmh.benchmark.EnduranceBenchmark;
import io.spawn4j.jmh.benchmark.FootprintBenchmark;
import io.spawn4j.jmh.benchmark.FreshStarts;
import io.spawn4j.jmh.benchmark.LatencyBenchmark;
import io.spawn4j.jmh.benchmark.SpawnBenchmark;
import io.spawn4j.jmh.benchmark.SyscallsBenchmark;
import io.spawn4j.jmh.benchmark.VirtualThreadsBenchmark;

/** A benchmark method, and whether JMH calls it for some time, once, or not at all. */
public enum Method {
    SPAWN(SpawnBenchmark.class, "spawnAndWait", false),
    /** The main method of a JVM of its own: JMH would load before what is to be counted. */
    FRESH(FreshStarts.class, "main", true),
    START(LatencyBenchmark.class, "start", false),
    EXIT_TO_WAITER(LatencyBenchmark.class, "exitToWaiter", false),
    EXIT_TO_CALLBACK(LatencyBenchmark.class, "exitToCallback", false),
    KILL_TO_GONE(LatencyBenchmark.class, "killToGone", false),
    OUTPUT(BytesBenchmark.class, "output", true),
    THROUGH_CAT(BytesBenchmark.class, "throughCat", true),
    SHORT_OUTPUT(BytesBenchmark.class, "shortOutput", false),
    LIVE_CHILDREN(FootprintBenchmark.class, "liveChildren", true),
    SYSCALLS(SyscallsBenchmark.class, "count", true),
    VIRTUAL_THREADS(VirtualThreadsBenchmark.class, "spawnReadAndWait", true),
    ENDURANCE(EnduranceBenchmark.class, "spawns", true);

    private final Class<?> benchmark;
    private final String method;
    private final boolean once;

    Method(Class<?> benchmark, String method, boolean once) {
        this.benchmark = benchmark;
        this.method = method;
        this.once = once;
    }

    /** As JMH names it. */
    public String qualifiedName() {
        return benchmark.getName() + "." + method;
    }

    /** Whether JMH calls it. */
    public boolean byJmh() {
        return this != FRESH;
    }

    /** Whether one call is the whole measurement. */
    public boolean once() {
        return once;
    }
}
