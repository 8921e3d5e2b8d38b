// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.suite.Cell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    // Four forks, each of the same estimate.
    private final Plan plan =
            new Plan(ReportOptions.parse("--rounds", "2", "--only", "^true.t1/(SPAWN4J_CLONE3|PROCESS_BUILDER)$"));
    private final List<List<Cell>> rounds = plan.rounds();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Progress progress =
            new Progress(plan, rounds, new PrintStream(out, true, StandardCharsets.UTF_8), clock::get);

    @Test
    void restIsEstimatedByWhatTheEstimatesWereWorthSoFar() {
        Cell spawn4j = rounds.get(0).get(0);
        Cell other = rounds.get(0).get(1);

        pass(30);
        progress.done(0, spawn4j, measurement(spawn4j, Map.of(Figure.RATE, 1234.4, Figure.CPU, 99.4)));
        pass(90);
        progress.done(0, other, measurement(other, Map.of(Figure.RATE, 1.0)));
        pass(0);
        progress.done(1, other, measurement(other, Map.of(Figure.RATE, 1.0)));
        pass(4000);
        progress.done(1, spawn4j, measurement(spawn4j, Map.of(Figure.RATE, 1.0)));

        assertThat(lines())
                .containsExactly(
                        "round 1, 1 of 4, 1:30 min left: true.t1/SPAWN4J_CLONE3: 1,234 spawns/s, 99 CPU us",
                        "round 1, 2 of 4, 2:00 min left: true.t1/PROCESS_BUILDER: 1 spawns/s",
                        "round 2, 3 of 4, 0:40 min left: true.t1/PROCESS_BUILDER: 1 spawns/s",
                        "round 2, 4 of 4, 0:00 min left: true.t1/SPAWN4J_CLONE3: 1 spawns/s");
    }

    @Test
    void hoursAreTimesSixtyMinutes() {
        Cell cell = rounds.get(0).get(0);

        pass(3600);
        progress.done(0, cell, measurement(cell, Map.of(Figure.RATE, 1.0)));

        assertThat(lines()).singleElement().asString().contains(", 180:00 min left: ");
    }

    @Test
    void threeFiguresAreEnough() {
        Cell cell = rounds.get(0).get(0);

        pass(1);
        progress.done(
                0,
                cell,
                measurement(
                        cell, Map.of(Figure.RATE, 1.0, Figure.CPU, 2.0, Figure.SWITCHES, 3.0, Figure.ALLOCATED, 4.0)));

        assertThat(lines()).singleElement().asString().endsWith(": 1 spawns/s, 2 CPU us, 3.0 context switches");
    }

    @Test
    void failureIsSaidInALineAndCountsAsDone() {
        pass(10);
        progress.failed(0, rounds.get(0).get(0), new IOException("no luck\nJMH says:\nmuch"));
        progress.failed(0, rounds.get(0).get(1), new IOException());

        assertThat(lines())
                .containsExactly(
                        "round 1, 1 of 4, 0:30 min left: true.t1/SPAWN4J_CLONE3: FAILED: no luck",
                        "round 1, 2 of 4, 0:10 min left: true.t1/PROCESS_BUILDER: FAILED: null");
    }

    @Test
    void estimateCountsForksRoundsAndMinutes() {
        // Of 6 s warm-up, 2 s measured and 1.7 s of a JVM's start, each.
        assertThat(Progress.estimate(plan)).isEqualTo("4 forks in 2 rounds, about 0:38 min");
    }

    private void pass(int seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static Measurement measurement(Cell cell, Map<Figure, Double> figures) {
        Map<String, Double> byKey = new HashMap<>();
        figures.forEach((figure, value) -> byKey.put(figure.key(), value));
        return new Measurement(0, cell, byKey);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
