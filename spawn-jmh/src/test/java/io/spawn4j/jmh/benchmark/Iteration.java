// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.IterationResultMetaData;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;

/** An iteration of a benchmark as the profiler sees it, without JMH. */
final class Iteration {
    /** What runs in it. */
    interface Body {
        void run() throws Exception;
    }

    private Iteration() {}

    /** What the profiler says of a benchmark that is called once. */
    static Map<String, Double> figures(Body body) throws Exception {
        return figures(Mode.SingleShotTime, 1, body);
    }

    /** What the profiler says, by the figures' keys. */
    static Map<String, Double> figures(Mode mode, int operations, Body body) throws Exception {
        IterationParams iteration = new IterationParams(IterationType.MEASUREMENT, 1, TimeValue.seconds(1), 1);
        BenchmarkParams benchmark = new BenchmarkParams(
                "benchmark",
                "benchmark",
                true,
                1,
                new int[] {1},
                List.of(),
                1,
                0,
                iteration,
                iteration,
                mode,
                new WorkloadParams(),
                TimeUnit.SECONDS,
                1,
                "java",
                List.of(),
                "",
                "",
                "",
                "",
                TimeValue.minutes(1));
        Figures figures = new Figures();
        figures.beforeIteration(benchmark, iteration);
        body.run();
        return figures
                .afterIteration(
                        benchmark,
                        iteration,
                        new IterationResult(benchmark, iteration, new IterationResultMetaData(operations, operations)))
                .stream()
                .collect(Collectors.toMap(Result::getLabel, Result::getScore));
    }
}
