// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** One JMH run in a JVM of its own: one contender in one scenario. */
final class Fork {
    private static final int FIRST_JDK_WITH_NATIVE_ACCESS_WARNINGS = 24;

    private final Scenario scenario;
    private final Contender contender;

    Fork(Scenario scenario, Contender contender) {
        this.scenario = scenario;
        this.contender = contender;
    }

    Contender contender() {
        return contender;
    }

    /** What {@code --only} is matched against. */
    String id() {
        return scenario.id() + "/" + contender;
    }

    /** @throws IOException with JMH's own words if the fork fails */
    RunResult run(int warmupMillis, int measuredSeconds) throws IOException {
        Path log = Files.createTempFile("spawn4j-jmh-", ".log");
        try {
            return new Runner(options(warmupMillis, measuredSeconds)
                            .output(log.toString())
                            .build())
                    .runSingle();
        } catch (RunnerException e) {
            throw new IOException(id() + " failed; JMH says:\n" + Files.readString(log), e);
        } finally {
            Files.delete(log);
        }
    }

    Measurement measurement(int round, RunResult result) {
        return new Measurement(
                round,
                scenario,
                contender,
                result.getPrimaryResult().getScore(),
                secondary(result, CpuTime.JVM),
                secondary(result, CpuTime.CHILDREN));
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        if (found == null) {
            throw new IllegalStateException(
                    "JMH lost " + name + ": " + result.getSecondaryResults().keySet());
        }
        return found.getScore();
    }

    private ChainedOptionsBuilder options(int warmupMillis, int measuredSeconds) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(scenario.benchmark().getName() + ".spawnAndWait") + "$")
                .param("contender", contender.name())
                .param("program", scenario.program().name())
                .param("pipes", Boolean.toString(scenario.pipes()))
                .threads(scenario.threads())
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(warmupMillis))
                .measurementIterations(measuredSeconds)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend(jvmArguments().toArray(String[]::new))
                .addProfiler(CpuTime.class)
                .timeout(TimeValue.seconds(60))
                .shouldFailOnError(true);
        return scenario.descriptors() == OpenDescriptors.NONE
                ? options
                : options.param("descriptors", scenario.descriptors().name());
    }

    private List<String> jvmArguments() {
        List<String> arguments = new ArrayList<>(contender.jvmArguments());
        arguments.add("-D" + NativeFiles.PROPERTY + "=" + NativeFiles.directory());
        if (Runtime.version().feature() >= FIRST_JDK_WITH_NATIVE_ACCESS_WARNINGS) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
        }
        return arguments;
    }
}
