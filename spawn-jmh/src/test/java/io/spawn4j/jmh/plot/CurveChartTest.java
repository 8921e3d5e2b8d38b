// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveChartTest {
    private static final CurveChart CHART = chart(
            new Curve("C & friends", List.of(point(20, 154), point(2000, 300), point(100_000, 7000)), false),
            new Curve(
                    "spawn4j", List.of(point(20, 180), new Point(2000, 182, 170, 190), point(100_000, 300_000)), true));

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("curves.svg");
    }

    @Test
    void everythingIsNamedInText() throws Exception {
        CHART.write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).texts())
                .contains("Starts with many descriptors", "open descriptors", "us per spawn")
                .contains("C & friends", "spawn4j")
                .contains("10", "100", "1,000", "10,000", "100,000");
    }

    @Test
    void zeroOnLogarithmicAxisIsLeftOfTheSmallestPositiveValue() throws Exception {
        chart(new Curve("heap", List.of(point(0, 100), point(1, 200), point(2, 300), point(16, 9000)), true))
                .write(file(), Theme.LIGHT);

        Svg svg = Svg.read(file());
        assertThat(svg.texts()).containsSubsequence("1", "2", "5", "10", "0").doesNotContain("0.5");
        assertThat(svg.x("0")).isLessThan(svg.x("1"));
    }

    @Test
    void withoutZeroItHasNoTick() throws Exception {
        CHART.write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).texts()).doesNotContain("0");
    }

    @Test
    void linearAxisShowsZeroAndNegativeX() throws Exception {
        Curve curve = new Curve("c", List.of(point(-20, 5), point(0, 10), point(20, 20)), true);
        new CurveChart("t", "x", "y", false, false, List.of(curve)).write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).texts()).contains("-20", "-10", "0", "10", "20", "5", "15");
    }

    @Test
    void onePointIsEnough() throws Exception {
        for (boolean logarithmic : new boolean[] {true, false}) {
            Curve curve = new Curve("lonely", List.of(point(0.3, 0.3)), false);
            new CurveChart("t", "x", "y", logarithmic, logarithmic, List.of(curve)).write(file(), Theme.LIGHT);

            assertThat(Svg.read(file()).texts()).contains("lonely").anyMatch(text -> text.startsWith("0."));
        }
    }

    @Test
    void curvesAreToldApartWithoutColour() throws Exception {
        chart(Collections.nCopies(7, CHART.curves().get(0)).toArray(Curve[]::new))
                .write(file(), Theme.LIGHT);

        assertThat(Files.readString(file())
                        .lines()
                        .filter(line -> line.contains("stroke-dasharray:"))
                        .map(line -> line.replaceFirst(".*stroke-dasharray:([^;]*);.*", "$1"))
                        .distinct())
                .hasSize(6);
    }

    @Test
    void themesDifferInColours() throws Exception {
        CHART.write(file(), Theme.LIGHT);
        String light = Files.readString(file());
        CHART.write(file(), Theme.DARK);
        String dark = Files.readString(file());

        assertThat(light).contains("rgb(255,255,255)", "rgb(0,114,178)").doesNotContain("rgb(13,17,23)");
        assertThat(dark).contains("rgb(13,17,23)", "rgb(86,180,233)").doesNotContain("rgb(255,255,255)");
    }

    @Test
    void sameDataGivesSameBytes() throws Exception {
        CHART.write(file(), Theme.DARK);
        byte[] first = Files.readAllBytes(file());
        CHART.write(file(), Theme.DARK);

        assertThat(file()).hasBinaryContent(first);
    }

    @Test
    void failureLeavesNoFile() throws Exception {
        Files.createDirectories(file().resolve("in-the-way"));

        assertThatThrownBy(() -> CHART.write(file(), Theme.LIGHT)).isInstanceOf(IOException.class);
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file()));
    }

    @Test
    void badInputIsRefused() {
        Curve zeros = new Curve("zeros", List.of(point(0, 1)), true);
        Curve negative = new Curve("negative", List.of(point(-1, 1)), true);
        Curve free = new Curve("free", List.of(new Point(1, 1, 0, 1)), true);

        assertRefused(() -> chart(), "The chart has no curves: Starts with many descriptors.");
        assertRefused(() -> new Curve("empty", List.of(), true), "The curve has no points: empty.");
        assertRefused(
                () -> chart(Collections.nCopies(8, zeros).toArray(Curve[]::new)),
                "No more than 7 curves can be told apart, not 8: Starts with many descriptors.");
        assertRefused(() -> chart(zeros), "A logarithmic x axis needs an x above 0: Starts with many descriptors.");
        assertRefused(() -> chart(negative), "A logarithmic x axis cannot show -1.0: negative.");
        assertRefused(() -> chart(free), "A logarithmic y axis cannot show 0.0: free.");
        assertRefused(() -> point(Double.NaN, 1), "A picture shows finite numbers only: x, NaN.");
        assertRefused(() -> point(5, Double.NaN), "A picture shows finite numbers only: y at x = 5, NaN.");
        assertRefused(
                () -> new Point(5, 1, 2, 3), "The interval does not hold the value: y at x = 5, 1.0, 2.0 to 3.0.");
    }

    private static void assertRefused(Runnable construction, String message) {
        assertThatThrownBy(construction::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static CurveChart chart(Curve... curves) {
        return new CurveChart(
                "Starts with many descriptors", "open descriptors", "us per spawn", true, true, List.of(curves));
    }

    private static Point point(double x, double y) {
        return new Point(x, y, y, y);
    }
}
