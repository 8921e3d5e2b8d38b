// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasurementsTest {
    private static final String FEW = "fd.20";
    private static final String MANY = "fd.15000";

    private final Measurements measurements = new Measurements();

    @Test
    void ratiosAreTakenWithinARound() {
        // The machine became ten times as fast: only pairing shows that the contenders' ratio was 2 throughout.
        add(0, FEW, SPAWN4J_CLONE3, 200);
        add(0, FEW, C_POSIX_SPAWN, 100);
        add(1, FEW, C_POSIX_SPAWN, 1000);
        add(1, FEW, SPAWN4J_CLONE3, 2000);

        Sample ratio = measurements
                .ratio(FEW, SPAWN4J_CLONE3, C_POSIX_SPAWN, Figure.RATE)
                .orElseThrow();

        assertThat(ratio.medianInterval()).isEqualTo(new Sample.Interval(2, 2));
        assertThat(ratio.size()).isEqualTo(2);
    }

    @Test
    void roundWithoutThePartnerGivesNoRatio() {
        add(0, FEW, SPAWN4J_CLONE3, 200);
        add(1, FEW, C_POSIX_SPAWN, 100);
        add(2, FEW, SPAWN4J_CLONE3, 300);
        add(2, MANY, C_POSIX_SPAWN, 100);

        assertThat(measurements.ratio(FEW, SPAWN4J_CLONE3, C_POSIX_SPAWN, Figure.RATE))
                .isEmpty();
    }

    @Test
    void nothingIsDividedByZero() {
        measurements.add(Runs.measurement(0, FEW, SPAWN4J_CLONE3, Map.of(Figure.PINNED, 1.0)));
        measurements.add(Runs.measurement(0, FEW, C_POSIX_SPAWN, Map.of(Figure.PINNED, 0.0)));

        assertThat(measurements.ratio(FEW, SPAWN4J_CLONE3, C_POSIX_SPAWN, Figure.PINNED))
                .isEmpty();
        assertThat(measurements
                        .ratio(FEW, C_POSIX_SPAWN, SPAWN4J_CLONE3, Figure.PINNED)
                        .orElseThrow()
                        .median())
                .isZero();
    }

    @Test
    void acrossIsWithinARoundAndOfOneContender() {
        add(0, FEW, PROCESS_BUILDER, 1000);
        add(0, MANY, PROCESS_BUILDER, 10);
        add(0, MANY, C_POSIX_SPAWN, 1000);
        add(1, FEW, PROCESS_BUILDER, 500);

        Sample slowdown =
                measurements.across(FEW, MANY, PROCESS_BUILDER, Figure.RATE).orElseThrow();

        assertThat(slowdown.median()).isEqualTo(100);
        assertThat(slowdown.size()).isOne();
        assertThat(measurements.across(FEW, MANY, C_POSIX_SPAWN, Figure.RATE)).isEmpty();
    }

    @Test
    void ratioToAnotherScenarioIsWithinARoundToo() {
        add(0, FEW, PROCESS_BUILDER, 100);
        add(0, MANY, SPAWN4J_CLONE3, 300);
        add(1, FEW, PROCESS_BUILDER, 1000);
        add(1, MANY, SPAWN4J_CLONE3, 3000);
        add(2, FEW, PROCESS_BUILDER, 1);

        Sample ratio = measurements
                .ratio(MANY, SPAWN4J_CLONE3, FEW, PROCESS_BUILDER, Figure.RATE)
                .orElseThrow();

        assertThat(ratio.medianInterval()).isEqualTo(new Sample.Interval(3, 3));
        assertThat(ratio.size()).isEqualTo(2);
        assertThat(measurements.ratio(FEW, SPAWN4J_CLONE3, MANY, PROCESS_BUILDER, Figure.RATE))
                .isEmpty();
    }

    @Test
    void figureHasAValueForEachRoundThatHasIt() {
        add(0, FEW, PROCESS_BUILDER, 3);
        add(2, FEW, PROCESS_BUILDER, 1);
        measurements.add(Runs.measurement(1, FEW, PROCESS_BUILDER, Map.of(Figure.CPU, 7.0)));

        assertThat(measurements
                        .figure(FEW, PROCESS_BUILDER, Figure.RATE)
                        .orElseThrow()
                        .median())
                .isEqualTo(2);
        assertThat(measurements.figure(FEW, C_POSIX_SPAWN, Figure.RATE)).isEmpty();
    }

    @Test
    void scenariosKeepTheOrderOfTheRunAndContendersThatOfTheEnum() {
        add(0, FEW, C_POSIX_SPAWN, 1);
        add(0, FEW, SPAWN4J_CLONE3, 1);
        add(0, MANY, PROCESS_BUILDER, 1);
        add(0, "heap.0", PROCESS_BUILDER, 1);
        add(1, MANY, PROCESS_BUILDER, 1);

        assertThat(measurements.scenarios(Suite.DESCRIPTORS))
                .extracting(Scenario::id)
                .containsExactly(FEW, MANY);
        assertThat(measurements.scenarios(Suite.HEAP)).extracting(Scenario::id).containsExactly("heap.0");
        assertThat(measurements.scenarios(Suite.RATES)).isEmpty();
        assertThat(measurements.contenders(FEW)).containsExactly(SPAWN4J_CLONE3, C_POSIX_SPAWN);
    }

    @Test
    void scenarioThatFailedAtFirstIsInItsPlaceOnTheCurve() {
        add(0, "fd.15000.cloexec", SPAWN4J_CLONE3, 1);
        add(0, MANY, SPAWN4J_CLONE3, 1);
        add(1, FEW, SPAWN4J_CLONE3, 1);

        assertThat(measurements.scenarios(Suite.DESCRIPTORS))
                .extracting(Scenario::id)
                .containsExactly(FEW, MANY, "fd.15000.cloexec");
    }

    @Test
    void systemCallsAreThoseOfTheFirstRoundByTheirNames() {
        for (int round = 0; round < 2; round++) {
            measurements.add(new Measurement(
                    round,
                    Cells.full("syscalls", SPAWN4J_CLONE3),
                    Map.of("syscall.read", 2.0 + round, Figure.SYSCALLS.key(), 2.0)));
        }

        assertThat(measurements.syscalls("syscalls", SPAWN4J_CLONE3)).isEqualTo(Map.of("read", 2.0));
        assertThat(measurements.syscalls("syscalls", C_POSIX_SPAWN)).isEmpty();
    }

    @Test
    void measurementOfNothingIsRefused() {
        assertThatThrownBy(() -> Runs.measurement(0, FEW, C_POSIX_SPAWN, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("measured nothing");
        assertThatThrownBy(() -> Runs.measurement(0, FEW, C_POSIX_SPAWN, Map.of(Figure.RATE, 0.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spawned nothing");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void figureThatIsNoNumberIsRefused(double value) {
        assertThatThrownBy(() -> Runs.measurement(0, FEW, C_POSIX_SPAWN, Map.of(Figure.CPU, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spawn4j.cpu is " + value);
    }

    @Test
    void measurementKeepsItsFiguresWhateverBecomesOfTheMap() {
        Map<String, Double> figures = new HashMap<>(Map.of(Figure.RATE.key(), 1.0));
        Measurement measurement = new Measurement(0, Cells.full(FEW, C_POSIX_SPAWN), figures);
        figures.clear();

        assertThat(measurement.figure(Figure.RATE)).hasValue(1.0);
        assertThat(measurement.figure(Figure.CPU)).isEmpty();
    }

    private void add(int round, String scenario, Contender contender, double rate) {
        measurements.add(Runs.measurement(round, scenario, contender, Map.of(Figure.RATE, rate)));
    }
}
