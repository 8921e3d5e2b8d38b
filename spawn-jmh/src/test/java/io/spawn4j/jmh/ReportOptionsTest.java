// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportOptionsTest {
    @Test
    void fullRunCoversEveryCombination() {
        List<Scenario> scenarios = ReportOptions.parse().scenarios();

        assertThat(scenarios).hasSize(16).doesNotHaveDuplicates();
        assertThat(scenarios.stream().map(Scenario::id))
                .contains("tiny.pipes.t1", "true.null.t4", "tiny.pipes.t1.fd15000", "tiny.pipes.t1.contained");
    }

    @Test
    void smokeRunCoversEveryValue() {
        ReportOptions smoke = ReportOptions.parse("--smoke");

        assertThat(smoke.rounds()).isEqualTo(1);
        assertThat(smoke.measuredSeconds()).isEqualTo(1);
        assertThat(values(smoke)).isEqualTo(values(ReportOptions.parse()));
    }

    @Test
    void explicitNumbersWinOverQuick() {
        ReportOptions options = ReportOptions.parse("--rounds", "5", "--warmup", "9", "--quick");

        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.warmupMillis()).isEqualTo(9000);
    }

    @Test
    void onlySelectsByPattern() {
        ReportOptions options = ReportOptions.parse("--only", "tiny.*/C_");

        assertThat(options.only().test("tiny.pipes.t1/C_POSIX_SPAWN")).isTrue();
        assertThat(options.only().test("true.pipes.t1/C_POSIX_SPAWN")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "100001", "99999999999"})
    void roundsThatAreNoSuchNumberAreRefused(String rounds) {
        assertThatThrownBy(() -> ReportOptions.parse("--rounds", rounds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--rounds takes a number from 1 to 100000, not " + rounds);
    }

    @Test
    void unknownOptionMissingValueAndBadPatternAreRefused() {
        assertThatThrownBy(() -> ReportOptions.parse("--fast")).hasMessage("unknown option --fast");
        assertThatThrownBy(() -> ReportOptions.parse("--out")).hasMessage("--out needs a value");
        assertThatThrownBy(() -> ReportOptions.parse("--only", "("))
                .hasMessageStartingWith("--only takes a regular expression");
    }

    private static Object values(ReportOptions options) {
        return List.of(
                options.scenarios().stream().map(Scenario::program).collect(Collectors.toSet()),
                options.scenarios().stream().map(Scenario::pipes).collect(Collectors.toSet()),
                options.scenarios().stream().map(Scenario::threads).collect(Collectors.toSet()),
                options.scenarios().stream().map(Scenario::contained).collect(Collectors.toSet()),
                options.scenarios().stream().map(Scenario::descriptors).collect(Collectors.toSet()));
    }
}
