// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Length;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
    @Test
    void everyTargetIsMeasuredByAFullRun() {
        Measurements full = Runs.everything(Cells.all(Length.FULL), 2);

        assertThat(Target.all())
                .hasSizeGreaterThan(30)
                .allSatisfy(target ->
                        assertThat(target.value().apply(full)).as(target.row()).isPresent());
    }

    @Test
    void nothingMeasuredReachesNothing() {
        assertThat(Target.all())
                .allSatisfy(target ->
                        assertThat(target.value().apply(new Measurements())).isEmpty());
    }

    @Test
    void goalIsNoEasierThanTheFloorAndRowsAreTheirOwn() {
        assertThat(Target.all()).allSatisfy(target -> {
            if (target.lessIsBetter()) {
                assertThat(target.goal()).as(target.row()).isLessThanOrEqualTo(target.floor());
            } else {
                assertThat(target.goal()).as(target.row()).isGreaterThanOrEqualTo(target.floor());
            }
        });
        assertThat(Target.all()).extracting(Target::row).doesNotHaveDuplicates();
    }

    @Test
    void costsAreToBeLowAndRatesHigh() {
        assertThat(Target.all())
                .allSatisfy(target -> assertThat(target.lessIsBetter())
                        .as(target.row())
                        .isEqualTo(
                                !target.row().contains("rate") && !target.row().contains("MiB/s")));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2.0, goal reached", "false, 1.9, floor reached", "false, 1.0, floor reached", "false, 0.9, **missed**",
        "true, 1.0, goal reached", "true, 1.1, floor reached", "true, 2.0, floor reached", "true, 2.1, **missed**"
    })
    void verdictIsOfTheMedian(boolean lessIsBetter, double median, String verdict) {
        double floor = lessIsBetter ? 2 : 1;
        double goal = lessIsBetter ? 1 : 2;
        Target target = new Target("row", floor, goal, lessIsBetter, run -> Optional.empty());

        assertThat(target.verdict(median)).isEqualTo(verdict);
    }
}
