// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;

class FiguresTest {
    private final Prepared prepared = Contender.C_POSIX_SPAWN.prepare(Command.of(Program.TINY, Streams.PIPES));

    @Test
    void percentilesAreThoseOfTheLatenciesInMicroseconds() throws Exception {
        Map<String, Double> figures = Iteration.figures(() -> {
            for (int micros = 1; micros <= 1000; micros++) {
                Figures.latency(micros * 1000L);
            }
        });

        assertThat(figures).containsOnlyKeys(keys(Figure.P50, Figure.P90, Figure.P99, Figure.P999, Figure.MAX));
        assertThat(figures.get(Figure.P50.key())).isCloseTo(500, within(1.0));
        assertThat(figures.get(Figure.P90.key())).isCloseTo(900, within(2.0));
        assertThat(figures.get(Figure.P99.key())).isCloseTo(990, within(2.0));
        assertThat(figures.get(Figure.P999.key())).isCloseTo(999, within(2.0));
        assertThat(figures.get(Figure.MAX.key())).isCloseTo(1000, within(2.0));
    }

    @Test
    void clocksThatDisagreeGiveNoNegativeLatency() throws Exception {
        assertThat(Iteration.figures(() -> Figures.latency(-7)).values()).containsOnly(0.0);
    }

    @Test
    void whatAnEarlierIterationFoundIsForgotten() throws Exception {
        Iteration.figures(() -> {
            Figures.put(Figure.SECONDS, 1);
            Figures.latency(1);
            Figures.syscalls("read", 2);
        });

        assertThat(Iteration.figures(() -> Figures.put(Figure.PINNED, 3))).isEqualTo(Map.of(Figure.PINNED.key(), 3.0));
    }

    @Test
    void systemCallsHaveKeysOfTheirOwn() throws Exception {
        assertThat(Iteration.figures(() -> Figures.syscalls("read", 2.5))).isEqualTo(Map.of("syscall.read", 2.5));
    }

    @Test
    void accountOfRepeatedOperationsIsPerOperation() throws Exception {
        for (int i = 0; i < 50; i++) {
            prepared.spawnAndWait();
        }

        Map<String, Double> figures = Iteration.figures(Mode.Throughput, 100, () -> {
            for (int i = 0; i < 100; i++) {
                prepared.spawnAndWait();
            }
        });

        assertThat(figures).containsOnlyKeys(keys(Figure.CPU, Figure.SWITCHES));
        assertThat(figures.get(Figure.CPU.key())).isBetween(10.0, 100_000.0);
        assertThat(figures.get(Figure.SWITCHES.key())).isBetween(0.5, 1000.0);
    }

    @Test
    void whatIsUsedAfterTheEndDoesNotCount() throws Exception {
        Map<String, Double> figures = Iteration.figures(Mode.Throughput, 1, () -> {
            Figures.end();
            for (int i = 0; i < 300; i++) {
                prepared.spawnAndWait();
            }
        });
        Map<String, Double> next = Iteration.figures(Mode.Throughput, 1, () -> {
            for (int i = 0; i < 300; i++) {
                prepared.spawnAndWait();
            }
        });

        // Each of the children waits at least once, and so does who waits for it.
        assertThat(figures.get(Figure.SWITCHES.key())).isLessThan(150);
        assertThat(next.get(Figure.SWITCHES.key())).isGreaterThan(300);
    }

    @Test
    void keysLeadBackToTheirFiguresAndAreTheirOwn() {
        assertThat(Figure.values())
                .allSatisfy(figure -> assertThat(Figure.of(figure.key())).hasValue(figure));
        assertThat(Stream.of(Figure.values()).map(Figure::label)).doesNotHaveDuplicates();
        assertThat(Figure.of("gc.alloc.rate.norm")).isEmpty();
        assertThat(List.of(Figure.values()))
                .filteredOn(figure -> !figure.lessIsBetter())
                .containsExactly(
                        Figure.RATE,
                        Figure.THROUGHPUT,
                        Figure.FIRST,
                        Figure.LAST,
                        Figure.LAST_TO_FIRST,
                        Figure.LAST_TO_FIRST_C,
                        Figure.LAST_TO_FIRST_BESIDE_C);
    }

    static String[] keys(Figure... figures) {
        return Stream.of(figures).map(Figure::key).toArray(String[]::new);
    }
}
