// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.contender.CallCost;
import io.spawn4j.jmh.result.Facts;
import io.spawn4j.jmh.result.Host;
import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.result.Measurements;
import io.spawn4j.jmh.result.Ratios;
import io.spawn4j.jmh.result.ResultFolder;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Length;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;

/**
 * Runs all contenders interleaved and writes down what came out.
 *
 * <p>A machine's speed drifts over minutes. So a run is made of rounds; a round runs every contender once, all
 * contenders of a scenario directly after one another and in an order that changes from round to round; and contenders
 * are compared within a round only.
 */
public final class Report {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int SLOWER = 3;

    private final ReportOptions options;
    private final Plan plan;
    private final JvmLauncher launcher = new JvmLauncher();
    private final Map<String, String> machine;
    private final List<Double> callCost;
    private final FreshJvms freshJvms = new FreshJvms(launcher);
    private final Refusals refusals = new Refusals(launcher);
    private final List<String> failures = new ArrayList<>();
    private final Measurements measurements = new Measurements();
    private final List<RunResult> raw = new ArrayList<>();

    private Report(ReportOptions options) throws IOException, InterruptedException {
        this.options = options;
        this.plan = new Plan(options);
        this.machine = Host.facts();
        this.callCost = options.length() == Length.SMOKE ? List.of() : CallCost.micros();
    }

    /** Exits as {@code --help} says. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String... arguments) throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(ReportOptions.USAGE);
            return 0;
        }
        ReportOptions options;
        try {
            options = ReportOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(ReportOptions.USAGE);
            return USAGE;
        }
        Plan plan = new Plan(options);
        if (plan.rounds().isEmpty()) {
            System.err.println("--only leaves nothing to run; --list shows what there is");
            return USAGE;
        }
        if (options.list()) {
            plan.rounds().get(0).forEach(cell -> System.out.println(cell.id()));
            System.out.println(Progress.estimate(plan));
            return 0;
        }
        try {
            // Before an hour has passed.
            Optional<Ratios> stored = options.compare().isPresent()
                    ? Optional.of(Ratios.read(options.compare().get()))
                    : Optional.empty();
            return new Report(options).run(stored);
        } catch (FileSystemException e) {
            // Whose message may be no more than the file's name.
            System.err.println(e);
            return FAILED;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
    }

    private int run(Optional<Ratios> stored) throws IOException, InterruptedException {
        List<List<Cell>> rounds = refusals.without(plan.rounds());
        if (!refusals.jdks().isEmpty()) {
            machine.put("other JDKs", String.join(", ", refusals.jdks()));
        }
        if (!refusals.versions().isEmpty()) {
            machine.put("programs that contain", String.join(", ", refusals.versions()));
        }
        if (rounds.stream().allMatch(List::isEmpty)) {
            System.err.println("nothing that was asked for can run here");
            return FAILED;
        }
        ResultFolder folder = ResultFolder.create(
                options.out(),
                LocalDateTime.now(ZoneId.systemDefault()),
                options.length().toString());
        Progress progress = new Progress(plan, rounds);
        for (int round = 0; round < rounds.size(); round++) {
            for (Cell cell : rounds.get(round)) {
                measure(round, cell, progress);
            }
            folder.write(facts(), measurements, raw);
        }
        try {
            folder.draw(measurements);
        } catch (IOException e) {
            failures.add("the pictures: " + e.getMessage());
        }
        System.err.println("results: " + folder.directory().resolve("README.md"));
        boolean slower = stored.isPresent() && compare(stored.get());
        if (!failures.isEmpty()) {
            failures.forEach(System.err::println);
            return FAILED;
        }
        return slower ? SLOWER : 0;
    }

    private void measure(int round, Cell cell, Progress progress) throws IOException, InterruptedException {
        try {
            Measurement measurement =
                    cell.scenario().method().byJmh() ? byJmh(round, cell) : freshJvms.measurement(round, cell);
            measurements.add(measurement);
            progress.done(round, cell, measurement);
        } catch (IOException | IllegalArgumentException e) {
            // The others of an hour's run are worth having; the exit code tells.
            failures.add("round " + (round + 1) + ", " + cell.id() + ": " + e.getMessage());
            progress.failed(round, cell, e);
        }
    }

    private Measurement byJmh(int round, Cell cell) throws IOException {
        Fork fork = new Fork(
                cell, plan.timing(cell), launcher.executable(cell.scenario().launch()));
        RunResult result = fork.run();
        Measurement measurement = fork.measurement(round, result);
        raw.add(result);
        return measurement;
    }

    private boolean compare(Ratios stored) {
        Ratios.Comparison comparison = Ratios.of(measurements).against(stored);
        comparison.lines().forEach(System.err::println);
        return comparison.slower();
    }

    private Facts facts() {
        return new Facts(machine, options.length().toString(), callCost, refusals.leftOut(), failures);
    }
}
