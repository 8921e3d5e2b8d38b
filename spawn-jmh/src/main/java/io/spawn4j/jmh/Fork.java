// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.benchmark.Figures;
import io.spawn4j.jmh.contender.NativeFiles;
import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Method;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** One JMH run in a JVM of its own: one contender in one scenario. */
final class Fork {
    private static final int TIMEOUT_MINUTES = 15;

    /** What JMH's GCProfiler calls the bytes allocated per operation; some versions put a dot before it. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Cell cell;
    private final Timing timing;
    private final Path jvm;

    Fork(Cell cell, Timing timing, Path jvm) {
        this.cell = cell;
        this.timing = timing;
        this.jvm = jvm;
    }

    /** @throws IOException with what went wrong in its first line, and JMH's own words below, if the fork fails */
    RunResult run() throws IOException {
        Path log = Files.createTempFile("spawn4j-jmh-", ".log");
        try {
            return new Runner(options().output(log.toString()).build()).runSingle();
        } catch (RunnerException | RuntimeException e) {
            throw new IOException(reason(e) + "\nJMH says:\n" + Files.readString(log), e);
        } finally {
            Files.delete(log);
        }
    }

    Measurement measurement(int round, RunResult result) {
        Map<String, Double> figures = new HashMap<>();
        if (!cell.scenario().method().once()) {
            figures.put(Figure.RATE.key(), result.getPrimaryResult().getScore());
        }
        result.getSecondaryResults().forEach((name, value) -> {
            if (name.endsWith(ALLOCATED)) {
                figures.put(Figure.ALLOCATED.key(), value.getScore());
            } else if (Figure.of(name).isPresent() || name.startsWith(Figure.SYSCALL_PREFIX)) {
                figures.put(name, value.getScore());
            }
        });
        return new Measurement(round, cell, figures);
    }

    /** At the bottom of what JMH wraps it in: "Benchmark caught the exception" says nothing. */
    private static String reason(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null || deepest.getSuppressed().length > 0) {
            deepest = deepest.getCause() != null ? deepest.getCause() : deepest.getSuppressed()[0];
        }
        return deepest.toString();
    }

    private ChainedOptionsBuilder options() {
        Scenario scenario = cell.scenario();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(scenario.method().qualifiedName()) + "$")
                .param("contender", cell.contender().name())
                .threads(scenario.threads())
                .forks(1)
                .jvm(jvm.toString())
                .jvmArgs(scenario.launch().jvmArguments().toArray(String[]::new))
                .jvmArgsAppend(jvmArguments().toArray(String[]::new))
                .addProfiler(Figures.class)
                .measurementIterations(1)
                .timeout(TimeValue.minutes(TIMEOUT_MINUTES))
                .shouldFailOnError(true);
        scenario.parameters().forEach((name, value) -> options.param(name, value));
        if (scenario.method().once()) {
            return options.warmupIterations(0);
        }
        int warmup = timing.warmupMillis();
        if (scenario.method() == Method.SPAWN) {
            options.param("compileMillis", Integer.toString(timing.compileMillis()));
            warmup = timing.scenariosOwnMillis();
        }
        return options.addProfiler(GCProfiler.class)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(warmup))
                .measurementTime(TimeValue.milliseconds(timing.measuredMillis()));
    }

    private List<String> jvmArguments() {
        List<String> arguments = new ArrayList<>(cell.contender().jvmArguments());
        arguments.add("-D" + NativeFiles.PROPERTY + "=" + NativeFiles.directory());
        arguments.addAll(Jdk.nativeAccess(cell.scenario().launch().jdk()));
        return arguments;
    }
}
