// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * Runs all contenders interleaved and writes down what came out.
 *
 * <p>A machine's speed drifts over minutes. So a run is made of rounds; a round runs every contender once, all contenders of a
 * scenario directly after one another and in an order that changes from round to round; and contenders are compared within a
 * round only.
 */
public final class Report {
    private final ReportOptions options;
    private final Map<String, String> host;
    private final Set<Contender> leftOut;
    private final Optional<Sample> callCost;
    private final Measurements measurements = new Measurements();
    private final List<RunResult> raw = new ArrayList<>();
    private final long begin = System.nanoTime();
    private int done;

    private Report(ReportOptions options) throws IOException {
        this.options = options;
        this.host = Host.facts();
        this.leftOut = leftOut(options);
        this.callCost = options.callCost() ? Optional.of(CallCost.micros()) : Optional.empty();
    }

    /** Exits with 0 when every contender ran, 1 when one failed or spawned nothing, 2 when the arguments are wrong. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String... arguments) {
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
            return 2;
        }
        List<Fork> forks = forks(options, 0);
        if (forks.isEmpty()) {
            System.err.println("--only leaves nothing to run; --list shows what there is");
            return 2;
        }
        if (options.list()) {
            forks.forEach(fork -> System.out.println(fork.id()));
            return 0;
        }
        try {
            new Report(options).run();
            return 0;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    /** Tries those that other programs or the host's leave decide about, and says who cannot run. */
    private Set<Contender> leftOut(ReportOptions options) throws IOException {
        Set<Contender> refused = EnumSet.noneOf(Contender.class);
        List<String> reasons = new ArrayList<>();
        Set<String> versions = new TreeSet<>();
        for (Contender contender : Contender.values()) {
            if (contender.isPlain() || forks(options, 0).stream().noneMatch(fork -> fork.contender() == contender)) {
                continue;
            }
            Trial trial = new Trial(contender);
            Optional<String> refusal = trial.refusal();
            if (refusal.isPresent()) {
                refused.add(contender);
                reasons.add(contender.label() + ": " + refusal.get());
                System.err.println("left out: " + contender + ": " + refusal.get());
            } else {
                trial.version().ifPresent(versions::add);
            }
        }
        if (!versions.isEmpty()) {
            host.put("programs that contain", String.join(", ", versions));
        }
        if (!reasons.isEmpty()) {
            host.put("left out", String.join("; ", reasons));
        }
        return refused;
    }

    private void run() throws IOException {
        int rounds = options.rounds();
        for (int round = 0; round < rounds; round++) {
            List<Fork> forks = forks(options, round).stream()
                    .filter(fork -> !leftOut.contains(fork.contender()))
                    .toList();
            for (Fork fork : forks) {
                RunResult result = fork.run(options.warmupMillis(), options.measuredSeconds());
                Measurement measurement = fork.measurement(round, result);
                raw.add(result);
                measurements.add(measurement);
                progress(round, forks.size() * rounds, fork, measurement);
            }
            if (options.out().isPresent()) {
                Files.writeString(options.out().get(), markdown());
            }
            if (options.json().isPresent()) {
                writeJson(options.json().get());
            }
        }
        if (options.out().isEmpty()) {
            System.out.print(markdown());
        }
    }

    private static List<Fork> forks(ReportOptions options, int round) {
        List<Fork> forks = new ArrayList<>();
        for (Scenario scenario : options.scenarios()) {
            List<Contender> contenders = new ArrayList<>(scenario.contenders());
            Collections.rotate(contenders, round);
            for (Contender contender : contenders) {
                Fork fork = new Fork(scenario, contender);
                if (options.only().test(fork.id())) {
                    forks.add(fork);
                }
            }
        }
        return forks;
    }

    private void progress(int round, int all, Fork fork, Measurement measurement) {
        done++;
        Duration left = Duration.ofNanos((System.nanoTime() - begin) / done * (all - done));
        System.err.printf(
                Locale.ROOT,
                "round %d, %d of %d: %-40s %,9.0f spawns/s, %5.0f us CPU; %d:%02d left%n",
                round + 1,
                done,
                all,
                fork.id(),
                measurement.spawnsPerSecond(),
                measurement.cpuMicros(),
                left.toMinutes(),
                left.toSecondsPart());
    }

    private String markdown() {
        return new MarkdownReport(host, options, measurements, callCost).render();
    }

    private void writeJson(Path file) throws IOException {
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(raw);
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
    }
}
