// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Timing;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportOptionsTest {
    private static final Timing OWN = new Timing(10, 20, 30);

    @Test
    void withoutOptionsItIsAFullRunOfEverything() {
        ReportOptions options = ReportOptions.parse();

        assertThat(options.length()).isEqualTo(Length.FULL);
        assertThat(options.rounds()).isEmpty();
        assertThat(options.warmupSeconds()).isEmpty();
        assertThat(options.measuredSeconds()).isEmpty();
        assertThat(options.only().test("any.scenario/ANYONE")).isTrue();
        assertThat(options.out()).isEqualTo(Path.of("benchmark-results"));
        assertThat(options.compare()).isEmpty();
        assertThat(options.list()).isFalse();
    }

    @Test
    void everyOptionArrives() {
        ReportOptions options = ReportOptions.parse(
                "--quick",
                "--rounds",
                "1",
                "--warmup",
                "100000",
                "--seconds",
                "7",
                "--out",
                "dir",
                "--compare",
                "file",
                "--list",
                "--only",
                "a");

        assertThat(options.length()).isEqualTo(Length.QUICK);
        assertThat(options.rounds()).hasValue(1);
        assertThat(options.warmupSeconds()).hasValue(100_000);
        assertThat(options.measuredSeconds()).hasValue(7);
        assertThat(options.only().test("b")).isFalse();
        assertThat(options.out()).isEqualTo(Path.of("dir"));
        assertThat(options.compare()).hasValue(Path.of("file"));
        assertThat(options.list()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"--full,FULL", "--quick,QUICK", "--smoke,SMOKE"})
    void lengthIsChosenByName(String option, Length length) {
        assertThat(ReportOptions.parse(option).length()).isEqualTo(length);
        assertThat(option).isEqualTo("--" + length);
    }

    @Test
    void lastOfTwoLengthsWins() {
        assertThat(ReportOptions.parse("--smoke", "--full").length()).isEqualTo(Length.FULL);
    }

    @Test
    void timingIsTheSuitesOwnUnlessSecondsAreGiven() {
        assertThat(ReportOptions.parse().timing(OWN)).isEqualTo(OWN);
        assertThat(ReportOptions.parse("--warmup", "9").timing(OWN)).isEqualTo(new Timing(9000, 20, 30));
        assertThat(ReportOptions.parse("--seconds", "5").timing(OWN)).isEqualTo(new Timing(10, 5000, 30));
        assertThat(ReportOptions.parse("--seconds", "5", "--warmup", "9", "--quick")
                        .timing(OWN))
                .isEqualTo(new Timing(9000, 5000, 30));
    }

    @Test
    void onlySelectsByPartOfTheCellsName() {
        ReportOptions options = ReportOptions.parse("--only", "^tiny.*/C_");

        assertThat(options.only().test("tiny.t1/C_POSIX_SPAWN")).isTrue();
        assertThat(options.only().test("true.t1/C_POSIX_SPAWN")).isFalse();
        assertThat(options.only().test("pinned.tiny.t1/C_POSIX_SPAWN")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "", "1.5", "100001", "99999999999"})
    void whatIsNoSuchNumberIsRefused(String value) {
        for (String option : new String[] {"--rounds", "--warmup", "--seconds"}) {
            assertThatThrownBy(() -> ReportOptions.parse(option, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(option + " takes a number from 1 to 100000, not " + value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rounds", "--warmup", "--seconds", "--only", "--out", "--compare"})
    void missingValueIsRefusedAndSoIsAnOptionInItsPlace(String option) {
        assertThatThrownBy(() -> ReportOptions.parse("--smoke", option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(option + " needs a value");
        assertThatThrownBy(() -> ReportOptions.parse(option, "--smoke"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(option + " needs a value, not --smoke");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fast", "-h", "quick", ""})
    void unknownOptionIsRefused(String option) {
        assertThatThrownBy(() -> ReportOptions.parse(option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown option " + option);
    }

    @Test
    void badPatternIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> ReportOptions.parse("--only", "a(b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--only takes a regular expression: Unclosed group near index 3\na(b");
    }

    @Test
    void usageNamesEveryOptionAndNoOther() {
        Matcher named = Pattern.compile("(?m)^  (--\\w+)( [A-Z]+)?  ").matcher(ReportOptions.USAGE);

        assertThat(named.results().map(option -> option.group(1)))
                .containsExactlyInAnyOrder(
                        "--full",
                        "--quick",
                        "--smoke",
                        "--out",
                        "--only",
                        "--rounds",
                        "--warmup",
                        "--seconds",
                        "--compare",
                        "--list",
                        "--help");
    }
}
