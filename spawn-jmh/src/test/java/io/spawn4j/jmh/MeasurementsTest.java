// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static io.spawn4j.jmh.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.Contender.SPAWN4J_CLONE3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private static final Scenario FEW = Scenario.with(OpenDescriptors.FEW);
    private static final Scenario MANY = Scenario.with(OpenDescriptors.MANY);

    private final Measurements measurements = new Measurements();

    @Test
    void ratiosAreTakenWithinARound() {
        // The machine became ten times as fast: only pairing shows that the contenders' ratio was 2 throughout.
        add(0, FEW, SPAWN4J_CLONE3, 200);
        add(0, FEW, C_POSIX_SPAWN, 100);
        add(1, FEW, C_POSIX_SPAWN, 1000);
        add(1, FEW, SPAWN4J_CLONE3, 2000);

        Sample ratio =
                measurements.rateRatio(FEW, SPAWN4J_CLONE3, C_POSIX_SPAWN).orElseThrow();

        assertThat(ratio.medianInterval()).isEqualTo(new Sample.Interval(2, 2));
    }

    @Test
    void roundWithoutThePartnerGivesNoRatio() {
        add(0, FEW, SPAWN4J_CLONE3, 200);
        add(1, FEW, C_POSIX_SPAWN, 100);

        assertThat(measurements.rateRatio(FEW, SPAWN4J_CLONE3, C_POSIX_SPAWN)).isEqualTo(Optional.empty());
    }

    @Test
    void slowdownIsHowManyTimesAsLongItTakes() {
        add(0, FEW, PROCESS_BUILDER, 1000);
        add(0, MANY, PROCESS_BUILDER, 10);

        Sample slowdown = measurements.slowdown(PROCESS_BUILDER, MANY, FEW).orElseThrow();

        assertThat(slowdown.median()).isEqualTo(100);
    }

    @Test
    void scenariosKeepTheOrderOfTheRun() {
        add(0, MANY, PROCESS_BUILDER, 1);
        add(0, FEW, PROCESS_BUILDER, 1);
        add(1, MANY, PROCESS_BUILDER, 1);

        assertThat(measurements.scenarios()).containsExactly(MANY, FEW);
        assertThat(measurements.rounds()).isEqualTo(2);
    }

    @Test
    void measurementWithoutSpawnsOrChildrenIsRefused() {
        assertThatThrownBy(() -> new Measurement(0, FEW, C_POSIX_SPAWN, 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("C_POSIX_SPAWN spawned nothing in tiny.pipes.t1.fd20");
        assertThatThrownBy(() -> new Measurement(0, FEW, C_POSIX_SPAWN, Double.NaN, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Measurement(0, FEW, C_POSIX_SPAWN, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CPU time never reached this process");
    }

    private void add(int round, Scenario scenario, Contender contender, double rate) {
        measurements.add(new Measurement(round, scenario, contender, rate, 1, 1));
    }
}
