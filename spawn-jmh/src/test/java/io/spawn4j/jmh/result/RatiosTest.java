// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatiosTest {
    private static final String HEADER = "# scenario/contender, rate / C: median, low, high, rounds\n";

    @TempDir
    private Path directory;

    @Test
    void textHasTheRatesOfSpawn4jDividedByThoseOfC() {
        Measurements measurements = Runs.rates("tiny.t1", SPAWN4J_CLONE3, 50, 120, 300);
        Runs.addRates(measurements, "tiny.t1", C_POSIX_SPAWN, 100, 200, 400);
        Runs.addRates(measurements, "tiny.t1", SPAWN4J_CLONE, 25);
        Runs.addRates(measurements, "tiny.t1", PROCESS_BUILDER, 1, 1, 1);
        Runs.addRates(measurements, "heap.0", SPAWN4J_CLONE3, 1);

        assertThat(Ratios.of(measurements).text())
                .isEqualTo(HEADER + "tiny.t1/SPAWN4J_CLONE 0.2500 0.2500 0.2500 1\n"
                        + "tiny.t1/SPAWN4J_CLONE3 0.6000 0.5000 0.7500 3\n");
    }

    @Test
    void whatCIsNoYardstickForHasNoRatios() {
        Measurements measurements = Runs.rates("policy", SPAWN4J_CLONE3, 1);
        Runs.addRates(measurements, "contained", SPAWN4J_CLONE3, 1);

        assertThat(Ratios.of(measurements).text()).isEqualTo(HEADER);
        assertThat(Ratios.of(new Measurements()).text()).isEqualTo(HEADER);
    }

    @Test
    void textReadAgainIsTheSame() throws Exception {
        String text = run(0.5, 0.6, 0.7).text();

        assertThat(read(text).text()).isEqualTo(text);
        assertThat(read("\n# a comment\n" + text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "words",
                "tiny.t1/SPAWN4J_CLONE3 1 1 1",
                "tiny.t1/SPAWN4J_CLONE3 1 1 1 6 7",
                "tiny.t1/SPAWN4J_CLONE3 1 1 1 6.5",
                "tiny.t1/SPAWN4J_CLONE3 1 one 1 6",
                "| tiny.t1 | 1 | 1 |"
            })
    void lineThatIsNoneIsNamed(String line) {
        assertThatThrownBy(() -> read(HEADER + line + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("ratios.txt") + ": not a line of ratios: " + line);
    }

    @Test
    void missingFileIsAnIOException() {
        assertThatThrownBy(() -> Ratios.read(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void slowerIsOnlyWhatLiesBelowTheWholeStoredIntervalByTheMargin() throws Exception {
        Ratios stored = read("tiny.t1/SPAWN4J_CLONE3 1.1 1.0 1.2 6\n");

        assertThat(verdict(stored, 0.94, 0.90, 0.91, 0.92, 0.93, 0.90)).isEqualTo("SLOWER");
        assertThat(verdict(stored, 0.96, 0.90, 0.91, 0.92, 0.93, 0.90)).isEqualTo("no difference");
        assertThat(verdict(stored, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1)).isEqualTo("no difference");
        assertThat(verdict(stored, 1.25, 1.3, 1.3, 1.3, 1.3, 1.3)).isEqualTo("no difference");
        assertThat(verdict(stored, 1.27, 1.3, 1.3, 1.3, 1.3, 1.3)).isEqualTo("faster");
    }

    @Test
    void disturbedRunIsNeverSlower() throws Exception {
        Ratios stored = read("tiny.t1/SPAWN4J_CLONE3 1.0 1.0 1.0 6\n");

        assertThat(verdict(stored, 0.1, 0.1, 0.1, 0.1, 0.1, 1.0)).isEqualTo("no difference");
        assertThat(read("tiny.t1/SPAWN4J_CLONE3 1.0 0.2 1.8 6\n"))
                .satisfies(disturbed -> assertThat(verdict(disturbed, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5))
                        .isEqualTo("no difference"));
    }

    @Test
    void outlierAmongNineDoesNotWidenTheInterval() throws Exception {
        Ratios stored = read("tiny.t1/SPAWN4J_CLONE3 1.0 1.0 1.0 6\n");

        assertThat(verdict(stored, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0)).isEqualTo("SLOWER");
    }

    @Test
    void fewerThanSixRoundsOnEitherSideSayNothing() throws Exception {
        assertThat(verdict(read("tiny.t1/SPAWN4J_CLONE3 1.0 1.0 1.0 6\n"), 0.1, 0.1, 0.1, 0.1, 0.1))
                .isEqualTo("too few rounds to say");
        assertThat(verdict(read("tiny.t1/SPAWN4J_CLONE3 1.0 1.0 1.0 5\n"), 0.1, 0.1, 0.1, 0.1, 0.1, 0.1))
                .isEqualTo("too few rounds to say");
    }

    @Test
    void comparisonIsSlowerIfOneOfItIs() throws Exception {
        Ratios stored = read("tiny.t1/SPAWN4J_CLONE3 1 1 1 6\ntrue.t1/SPAWN4J_CLONE3 0.1 0.1 0.1 6\n");
        Measurements now = new Measurements();
        for (String scenario : List.of("tiny.t1", "true.t1")) {
            addRatios(now, scenario, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
        }

        Ratios.Comparison comparison = Ratios.of(now).against(stored);

        assertThat(comparison.slower()).isTrue();
        assertThat(comparison.lines())
                .containsExactly(
                        "tiny.t1/SPAWN4J_CLONE3               0.50 (0.50 to 0.50), stored 1.00 (1.00 to 1.00): SLOWER",
                        "true.t1/SPAWN4J_CLONE3               0.50 (0.50 to 0.50), stored 0.10 (0.10 to 0.10): faster");
    }

    @Test
    void whatOneOfBothLacksIsIgnored() throws Exception {
        Ratios stored = read("true.t1/SPAWN4J_CLONE3 9 9 9 6\ntiny.t1/SPAWN4J_CLONE3 0.5 0.5 0.5 6\n");
        Measurements now = new Measurements();
        addRatios(now, "tiny.t1", 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
        addRatios(now, "tiny.t4", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);

        Ratios.Comparison comparison = Ratios.of(now).against(stored);

        assertThat(comparison.slower()).isFalse();
        assertThat(comparison.lines()).singleElement().asString().startsWith("tiny.t1/SPAWN4J_CLONE3 ");
    }

    @Test
    void nothingInCommonIsSaid() throws Exception {
        Ratios.Comparison comparison = run(1).against(read(HEADER));

        assertThat(comparison.slower()).isFalse();
        assertThat(comparison.lines())
                .containsExactly("nothing to compare: no scenario and contender has ratios in both runs");
    }

    /** Of tiny.t1, and whether the comparison calls it slower accordingly. */
    private static String verdict(Ratios stored, double... ratios) {
        Ratios.Comparison comparison = run(ratios).against(stored);
        assertThat(comparison.lines()).hasSize(1);
        String line = comparison.lines().get(0);
        String verdict = line.substring(line.lastIndexOf(": ") + 2);
        assertThat(comparison.slower()).isEqualTo(verdict.equals("SLOWER"));
        return verdict;
    }

    private static Ratios run(double... ratios) {
        Measurements measurements = new Measurements();
        addRatios(measurements, "tiny.t1", ratios);
        return Ratios.of(measurements);
    }

    private static void addRatios(Measurements measurements, String scenario, double... ratios) {
        Runs.addRates(
                measurements,
                scenario,
                SPAWN4J_CLONE3,
                Arrays.stream(ratios).map(ratio -> ratio * 1000).toArray());
        Runs.addRates(
                measurements,
                scenario,
                C_POSIX_SPAWN,
                Arrays.stream(ratios).map(ratio -> 1000).toArray());
    }

    private Ratios read(String text) throws IOException {
        return Ratios.read(Files.writeString(directory.resolve("ratios.txt"), text));
    }
}
