// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.suite.Cell;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Says on standard error what was measured, and how long the rest will take: by the estimates, corrected by what they
 * were worth so far.
 */
final class Progress {
    private final Plan plan;
    private final int cells;
    private final long estimatedMillis;
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final long begin;
    private long estimatedDoneMillis;
    private int done;

    Progress(Plan plan, List<List<Cell>> rounds) {
        this(plan, rounds, System.err, System::nanoTime);
    }

    Progress(Plan plan, List<List<Cell>> rounds, PrintStream out, LongSupplier nanoTime) {
        this.plan = plan;
        this.out = out;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
        this.cells = rounds.stream().mapToInt(List::size).sum();
        this.estimatedMillis = millis(plan, rounds);
    }

    /** In a sentence. */
    static String estimate(Plan plan) {
        List<List<Cell>> rounds = plan.rounds();
        return String.format(
                Locale.ROOT,
                "%d forks in %d rounds, about %s min",
                rounds.stream().mapToInt(List::size).sum(),
                rounds.size(),
                time(millis(plan, rounds)));
    }

    private static long millis(Plan plan, List<List<Cell>> rounds) {
        return rounds.stream()
                .flatMap(List::stream)
                .mapToLong(cell -> plan.timing(cell).millis())
                .sum();
    }

    void done(int round, Cell cell, Measurement measurement) {
        String figures = cell.suite().figures().stream()
                .flatMap(figure -> measurement.figure(figure).stream()
                        .map(value -> String.format(Locale.ROOT, figure.format(), value) + " " + figure.label()))
                .limit(3)
                .collect(Collectors.joining(", "));
        report(round, cell, figures);
    }

    void failed(int round, Cell cell, Exception reason) {
        report(
                round,
                cell,
                "FAILED: "
                        + String.valueOf(reason.getMessage())
                                .lines()
                                .findFirst()
                                .orElse(""));
    }

    private void report(int round, Cell cell, String text) {
        done++;
        estimatedDoneMillis += plan.timing(cell).millis();
        double soFar = (nanoTime.getAsLong() - begin) / 1e6;
        long left = Math.round(soFar / estimatedDoneMillis * (estimatedMillis - estimatedDoneMillis));
        out.printf(
                Locale.ROOT,
                "round %d, %d of %d, %s min left: %s: %s%n",
                round + 1,
                done,
                cells,
                time(left),
                cell.id(),
                text);
    }

    private static String time(long millis) {
        Duration duration = Duration.ofMillis(millis);
        return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
    }
}
