// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarChartTest {
    private static final BarChart CHART = new BarChart(
            "Starts of a tiny program, 1 caller",
            "spawns per second",
            List.of(
                    new Bar("spawn4j native, clone3", 5469, 5401, 5550, true),
                    new Bar("ProcessBuilder, default", 1064, 1020, 1100, false),
                    new Bar("a & b <c>", 0.8, 0.8, 0.8, false)),
            OptionalDouble.of(6494),
            "C, posix_spawn + waitid");

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("bars.svg");
    }

    @Test
    void everythingIsNamedInText() throws Exception {
        CHART.write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).texts())
                .contains("Starts of a tiny program, 1 caller", "spawns per second")
                .contains("spawn4j native, clone3", "ProcessBuilder, default", "a & b <c>")
                .contains("5,469", "1,064", "0.80")
                .contains("C, posix_spawn + waitid: 6,494")
                .contains("0", "2,000", "4,000", "6,000");
    }

    @Test
    void withoutReferenceItsLabelIsNotShown() throws Exception {
        new BarChart("t", "u", CHART.bars(), OptionalDouble.empty(), "C").write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).texts()).noneMatch(text -> text.startsWith("C"));
    }

    @Test
    void heightFollowsTheNumberOfBars() throws Exception {
        CHART.write(file(), Theme.LIGHT);
        double three = Svg.read(file()).height();
        List<Bar> nine = Stream.of(CHART.bars(), CHART.bars(), CHART.bars())
                .flatMap(List::stream)
                .toList();
        new BarChart(CHART.title(), CHART.unit(), nine, CHART.reference(), CHART.referenceLabel())
                .write(file(), Theme.LIGHT);
        double more = Svg.read(file()).height();

        assertThat(more).isGreaterThan(three + 6 * 20);
    }

    @Test
    void longLabelIsNotCut() throws Exception {
        String label = "a contender whose name is much longer than names of contenders should ever be";
        new BarChart("t", "u", List.of(new Bar(label, 1, 1, 1, true)), OptionalDouble.empty(), "")
                .write(file(), Theme.LIGHT);

        assertThat(Svg.read(file()).x(label)).isNotNegative();
    }

    @Test
    void valueIsPrintedAfterItsInterval() throws Exception {
        new BarChart(
                        "t",
                        "u",
                        List.of(new Bar("exact", 1500, 1500, 1500, true), new Bar("vague", 1501, 1000, 5000, true)),
                        OptionalDouble.empty(),
                        "")
                .write(file(), Theme.LIGHT);

        Svg svg = Svg.read(file());
        assertThat(svg.x("1,501")).isGreaterThan(svg.x("1,500") + 100);
    }

    @Test
    void allBarsMayBeZero() throws Exception {
        new BarChart("t", "u", List.of(new Bar("none", 0, 0, 0, false)), OptionalDouble.empty(), "")
                .write(file(), Theme.DARK);

        assertThat(Svg.read(file()).texts()).contains("none", "0.00");
    }

    @Test
    void themesDifferInColours() throws Exception {
        CHART.write(file(), Theme.LIGHT);
        String light = Files.readString(file());
        CHART.write(file(), Theme.DARK);
        String dark = Files.readString(file());

        assertThat(light).contains("fill:rgb(255,255,255)").doesNotContain("fill:rgb(13,17,23)");
        assertThat(dark).contains("fill:rgb(13,17,23)").doesNotContain("fill:rgb(255,255,255)");
    }

    @Test
    void sameDataGivesSameBytes() throws Exception {
        CHART.write(file(), Theme.LIGHT);
        byte[] first = Files.readAllBytes(file());
        CHART.write(file(), Theme.LIGHT);

        assertThat(file()).hasBinaryContent(first);
    }

    @Test
    void pictureRefersToNothingOutside() throws Exception {
        CHART.write(file(), Theme.LIGHT);

        assertThat(Files.readString(file()))
                .doesNotContain("DOCTYPE", "href")
                .contains("font-family:'DejaVu Sans',Verdana,sans-serif");
    }

    @Test
    void failureLeavesNoFile() throws Exception {
        Files.createDirectories(file().resolve("in-the-way"));

        assertThatThrownBy(() -> CHART.write(file(), Theme.LIGHT)).isInstanceOf(IOException.class);
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file()));
        assertThatThrownBy(() -> CHART.write(directory.resolve("missing/bars.svg"), Theme.LIGHT))
                .isInstanceOf(IOException.class);
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> new BarChart("t", "u", List.of(), OptionalDouble.empty(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The chart has no bars: t.");
        assertThatThrownBy(() -> new BarChart("t", "u", CHART.bars(), OptionalDouble.of(Double.NaN), "C"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A picture shows finite numbers only: C, NaN.");
        assertThatThrownBy(() -> new BarChart("t", "u", CHART.bars(), OptionalDouble.of(-1), "C"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The reference cannot be negative: C, -1.0.");
        assertThatThrownBy(() -> new Bar("b", Double.POSITIVE_INFINITY, 1, 2, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A picture shows finite numbers only: b, Infinity.");
        assertThatThrownBy(() -> new Bar("b", 1, -1, 2, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A bar cannot be negative: b, -1.0.");
        assertThatThrownBy(() -> new Bar("b", 1, 2, 3, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The interval does not hold the value: b, 1.0, 2.0 to 3.0.");
    }
}
