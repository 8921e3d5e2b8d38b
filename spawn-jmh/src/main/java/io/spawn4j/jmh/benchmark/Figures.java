// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.CLibrary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Takes what benchmarks find out besides JMH's own score, and what the kernel's account says, into JMH's results.
 *
 * <p>The kernel adds a child's time and context switches to its parent's account when the child is reaped, whichever
 * thread started it, so these figures hold for every contender. The JVM's share contains its compiler, its collector
 * and JMH itself.
 */
public final class Figures implements InternalProfiler {
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final Recorder LATENCIES = new Recorder(SIGNIFICANT_DIGITS);
    private static final Map<String, Double> FOUND = new ConcurrentSkipListMap<>();

    /** What had been used when the measurement ended; empty where the end is the iteration's. */
    private static final AtomicReference<@Nullable Usages> ENDED = new AtomicReference<>();

    private Usages before = new Usages(new CLibrary.Usage(0, 0, 0), new CLibrary.Usage(0, 0, 0));

    /** What this process and its reaped children had used at one time. */
    private record Usages(CLibrary.Usage own, CLibrary.Usage children) {
        static Usages now() {
            CLibrary library = CLibrary.instance();
            return new Usages(library.ownUsage(), library.childrenUsage());
        }
    }

    /** One latency of many; safe from any thread. */
    static void latency(long nanos) {
        LATENCIES.recordValue(Math.max(0, nanos));
    }

    /** A figure of the running iteration. */
    static void put(Figure figure, double value) {
        FOUND.put(figure.key(), value);
    }

    /** How often one operation makes a system call. */
    static void syscalls(String name, double times) {
        FOUND.put(Figure.SYSCALL_PREFIX + name, times);
    }

    /**
     * Ends the account here: a benchmark's last tear-down is part of JMH's iteration, and costs what nobody measures.
     */
    static void end() {
        ENDED.set(Usages.now());
    }

    @Override
    public String getDescription() {
        return "the kernel's account of an operation, latencies, and what benchmarks counted";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        LATENCIES.reset();
        FOUND.clear();
        ENDED.set(null);
        before = Usages.now();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Usages ended = ENDED.get();
        Usages after = ended != null ? ended : Usages.now();
        CLibrary.Usage own = after.own().since(before.own());
        CLibrary.Usage children = after.children().since(before.children());
        List<ScalarResult> results = new ArrayList<>();
        if (benchmark.getMode() == Mode.Throughput) {
            double operations = result.getMetadata().getAllOps();
            results.add(scalar(Figure.CPU, (own.cpuNanos() + children.cpuNanos()) / 1e3 / operations));
            results.add(scalar(Figure.SWITCHES, (switches(own) + switches(children)) / operations));
        }
        Histogram latencies = LATENCIES.getIntervalHistogram();
        if (latencies.getTotalCount() > 0) {
            results.add(scalar(Figure.P50, micros(latencies.getValueAtPercentile(50))));
            results.add(scalar(Figure.P90, micros(latencies.getValueAtPercentile(90))));
            results.add(scalar(Figure.P99, micros(latencies.getValueAtPercentile(99))));
            results.add(scalar(Figure.P999, micros(latencies.getValueAtPercentile(99.9))));
            results.add(scalar(Figure.MAX, micros(latencies.getMaxValue())));
        }
        FOUND.forEach((key, value) -> results.add(new ScalarResult(key, value, "", AggregationPolicy.AVG)));
        return results;
    }

    private static long switches(CLibrary.Usage usage) {
        return usage.voluntarySwitches() + usage.involuntarySwitches();
    }

    private static double micros(long nanos) {
        return nanos / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    private static ScalarResult scalar(Figure figure, double value) {
        return new ScalarResult(figure.key(), value, figure.label(), AggregationPolicy.AVG);
    }
}
