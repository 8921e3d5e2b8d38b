// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * User and system time per operation, of the JVM and of the children it reaped.
 *
 * <p>The kernel adds a child's time to its parent's account when the child is reaped, whichever thread started it, so the figure
 * holds for every contender. The JVM's share contains its compiler, its collector and JMH itself.
 */
public final class CpuTime implements InternalProfiler {
    static final String JVM = "cpu.jvm";
    static final String CHILDREN = "cpu.children";

    private long jvmBefore;
    private long childrenBefore;

    @Override
    public String getDescription() {
        return "user and system time per operation, of the JVM and of its children";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        childrenBefore = CLibrary.instance().childrenCpuNanos();
        jvmBefore = CLibrary.instance().ownCpuNanos();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long jvm = CLibrary.instance().ownCpuNanos() - jvmBefore;
        long children = CLibrary.instance().childrenCpuNanos() - childrenBefore;
        long operations = result.getMetadata().getAllOps();
        return List.of(perOperation(JVM, jvm, operations), perOperation(CHILDREN, children, operations));
    }

    private static ScalarResult perOperation(String name, long nanos, long operations) {
        return new ScalarResult(name, nanos / 1000.0 / operations, "us/op", AggregationPolicy.AVG);
    }
}
