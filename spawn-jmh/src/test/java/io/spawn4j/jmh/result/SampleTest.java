// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void medianOfOddNumberIsTheMiddleValue() {
        assertThat(new Sample(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4.0);
    }

    @Test
    void medianOfEvenNumberIsBetweenTheMiddleValues() {
        assertThat(new Sample(List.of(9.0, 1.0, 4.0, 5.0)).median()).isEqualTo(4.5);
    }

    // The coverages are those of the binomial distribution, from tables of the sign test.
    @Test
    void fiveValuesGiveNoBetterIntervalThanTheirRange() {
        assertThat(oneTo(5).medianInterval()).isEqualTo(new Sample.Interval(1, 5));
        assertThat(Sample.intervalCoverage(5)).isCloseTo(0.9375, within(1e-9));
    }

    @Test
    void sevenValuesNeedTheirRange() {
        assertThat(oneTo(7).medianInterval()).isEqualTo(new Sample.Interval(1, 7));
        assertThat(Sample.intervalCoverage(7)).isCloseTo(0.984375, within(1e-9));
    }

    @Test
    void nineValuesSpareOneOnEachSide() {
        assertThat(oneTo(9).medianInterval()).isEqualTo(new Sample.Interval(2, 8));
        assertThat(Sample.intervalCoverage(9)).isCloseTo(0.9609375, within(1e-9));
    }

    @Test
    void twentyValuesSpareFiveOnEachSide() {
        assertThat(oneTo(20).medianInterval()).isEqualTo(new Sample.Interval(6, 15));
        assertThat(Sample.intervalCoverage(20)).isCloseTo(0.9586, within(1e-4));
    }

    @Test
    void oneValueIsItsOwnInterval() {
        assertThat(oneTo(1).medianInterval()).isEqualTo(new Sample.Interval(1, 1));
        assertThat(Sample.intervalCoverage(1)).isZero();
    }

    @Test
    void nothingAndNotANumberAreRefused() {
        assertThatThrownBy(() -> new Sample(List.of())).hasMessage("no values");
        assertThatThrownBy(() -> new Sample(List.of(1.0, Double.NaN))).hasMessageStartingWith("not finite");
    }

    private static Sample oneTo(int last) {
        return new Sample(
                IntStream.rangeClosed(1, last).mapToObj(value -> (double) value).toList());
    }
}
