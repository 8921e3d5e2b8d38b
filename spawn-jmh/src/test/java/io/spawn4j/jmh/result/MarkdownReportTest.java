// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_PID_NAMESPACE;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_SUBREAPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownReportTest {
    private final Measurements measurements = new Measurements();

    @Test
    void eachMeasuredTargetSaysWhetherItIsReached() {
        add(0, "tiny.t1", SPAWN4J_CLONE3, rate(790, 120));
        add(0, "tiny.t1", C_POSIX_SPAWN, rate(1000, 100));
        add(0, "true.t1", SPAWN4J_CLONE3, rate(500, 130));
        add(0, "true.t1", C_POSIX_SPAWN, rate(500, 100));
        add(0, "true.t1", PROCESS_BUILDER, rate(400, 300));
        add(0, "footprint", SPAWN4J_CLONE3, Map.of(Figure.HEAP_PER_CHILD, 1537.0, Figure.THREADS, 3.0));

        assertThat(report())
                .contains(
                        "\n## Against the floors and goals (spawn4j native, clone3)\n\n| row | floor | goal |"
                                + " measured | |\n|---|---|---|---|---|\n",
                        "\n| tiny, 1 caller: rate / C | 0.52 | 0.80 | 0.79 | floor reached |\n",
                        "\n| tiny, 1 caller: CPU time / C | at most 1.25 | at most 1.00 | 1.20 | floor reached |\n",
                        "\n| /bin/true, 1 caller: rate / C | 0.85 | 0.95 | 1.00 | goal reached |\n",
                        "\n| /bin/true, 1 caller: CPU time / C | at most 1.25 | at most 1.00 | 1.30 | **missed** |\n",
                        "\n| /bin/true, 1 caller: rate / ProcessBuilder | 1.80 | 2.20 | 1.25 | **missed** |\n",
                        "\n| heap bytes per live child | at most 4,096 | at most 1,536 | 1,537 | floor reached |\n",
                        "\n| threads that live children need | at most 4.00 | at most 3.00 | 3.00 | goal reached |\n")
                .doesNotContain("4 callers: rate", "open descriptors", "tiny, 1 caller: rate / ProcessBuilder");
    }

    @Test
    void slowdownIsTheTimeInTheHarderScenario() {
        add(0, "fd.20", SPAWN4J_CLONE3, rate(1000, 1));
        add(0, "fd.15000", SPAWN4J_CLONE3, rate(500, 1));

        assertThat(report())
                .contains("| tiny, 15,000 open descriptors: time / with 20 | at most 1.15 | at most 1.05 | 2.00 |"
                        + " **missed** |\n");
    }

    @Test
    void containmentIsComparedWithPlainStarts() {
        add(0, "contained", SPAWN4J_CLONE3, rate(4000, 200));
        add(0, "contained", PROCESS_BUILDER, rate(1000, 800));
        add(0, "contained", SPAWN4J_SUBREAPER, rate(2000, 400));
        add(0, "contained", SPAWN4J_PID_NAMESPACE, rate(500, 1600));

        assertThat(report())
                .contains(
                        "| tiny, 1 caller, spawn4j, SUBREAPER: rate / ProcessBuilder | 1.000 | 1.000 | 2.000 |"
                                + " goal reached |",
                        "| tiny, 1 caller, spawn4j, PID_NAMESPACE: rate / ProcessBuilder | 1.000 | 1.000 | 0.500 |"
                                + " **missed** |",
                        "| spawns/s / ProcessBuilder | CPU us / ProcessBuilder | spawns/s / spawn4j |",
                        "| spawn4j, SUBREAPER | 500.0 | 2,000 | 400 |  |  | 2.00 | 0.50 | 0.50 |")
                .doesNotContain(" / C ");
    }

    @Test
    void withoutAnyTargetThereIsNoTableOfThem() {
        add(0, "tiny.t1", PROCESS_BUILDER, rate(1, 1));

        assertThat(report()).contains("## Spawn and wait").doesNotContain("floors");
    }

    @Test
    void tableHasEveryFigureAndItsRatioToBothReferences() {
        add(0, "tiny.t1", PROCESS_BUILDER, rate(100, 5000));
        add(0, "tiny.t1", SPAWN4J_CLONE3, rate(790, 120));
        add(0, "tiny.t1", C_POSIX_SPAWN, rate(1000, 100));
        add(1, "tiny.t1", SPAWN4J_CLONE3, rate(810, 140));
        add(1, "tiny.t1", C_POSIX_SPAWN, rate(1000, 100));
        add(
                0,
                "tiny.t1",
                Contender.C_VFORK,
                Map.of(Figure.RATE, 2000.0, Figure.SWITCHES, 2.0, Figure.ALLOCATED, 1234.0));

        assertThat(report())
                .contains("### tiny static program, three pipes, 1 caller (`tiny.t1`)\n")
                .contains("""

                        | contender | us per spawn | spawns/s | CPU us | context switches | heap bytes\
                         | spawns/s / C | CPU us / C | spawns/s / ProcessBuilder |
                        |---|---|---|---|---|---|---|---|---|
                        | spawn4j native, clone3 | 1,250.0 | 800 (790 to 810) | 130 (120 to 140) |  | \
                         | 0.80 (0.79 to 0.81) | 1.30 (1.20 to 1.40) | 7.90 |
                        | ProcessBuilder, default | 10,000.0 | 100 | 5,000 |  |  | 0.10 | 50.00 | 1.00 |
                        | C, posix_spawn + waitid | 1,000.0 | 1,000 (1,000 to 1,000) | 100 (100 to 100) |  | \
                         | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 10.00 |
                        | C, vfork + exec | 500.0 | 2,000 |  | 2.0 | 1,234 | 2.00 |  | 20.00 |
                        """);
    }

    @Test
    void curveHasItsScenariosForColumns() {
        add(0, "fd.20", SPAWN4J_CLONE3, rate(4000, 1));
        add(0, "fd.20", C_POSIX_SPAWN, rate(5000, 1));
        add(0, "fd.15000", SPAWN4J_CLONE3, rate(2000, 1));
        add(0, "fd.15000", PROCESS_BUILDER, rate(10, 1));
        add(0, "fd.15000", C_POSIX_SPAWN, rate(500, 1));

        assertThat(report()).contains("""

                        | us per spawn | 20 open descriptors | 15,000 open descriptors |
                        |---|---|---|
                        | spawn4j native, clone3 | 250 | 500 |
                        | ProcessBuilder, default |  | 100,000 |
                        | C, posix_spawn + waitid | 200 | 2,000 |

                        | times as long as with 20 open descriptors | 20 open descriptors | 15,000 open descriptors |
                        |---|---|---|
                        | spawn4j native, clone3 | 1.00 | 2.00 |
                        | ProcessBuilder, default |  |  |
                        | C, posix_spawn + waitid | 1.00 | 10.00 |

                        | rate / C | 20 open descriptors | 15,000 open descriptors |
                        |---|---|---|
                        | spawn4j native, clone3 | 0.80 | 4.00 |
                        | ProcessBuilder, default |  | 0.02 |
                        | C, posix_spawn + waitid | 1.00 | 1.00 |

                        | rate / ProcessBuilder | 20 open descriptors | 15,000 open descriptors |
                        |---|---|---|
                        | spawn4j native, clone3 |  | 200.00 |
                        | ProcessBuilder, default |  | 1.00 |
                        | C, posix_spawn + waitid |  | 50.00 |
                        """);
    }

    @Test
    void firstChildHasAColumnForEachHeadStartAndItsGoals() {
        add(0, "first.jdk17.plain", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 90.0));
        add(0, "first.jdk17.plain", PROCESS_BUILDER, Map.of(Figure.UNTIL_1, 20.0));
        add(0, "first.jdk17.cds", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 45.0));
        add(0, "first.jdk17.cds", PROCESS_BUILDER, Map.of(Figure.UNTIL_1, 10.0));
        add(0, "first.jdk17.prepared", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 15.0));
        add(0, "first.jdk25.aot", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 12.34));

        assertThat(report())
                .contains("""

                        ## The first child of a JVM

                        | ms until the 1st child | JDK 17 | JDK 17, AppCDS | JDK 17, prepared | JDK 25, AOT cache |
                        |---|---|---|---|---|
                        | spawn4j native, clone3 | 90.0 | 45.0 | 15.0 | 12.3 |
                        | ProcessBuilder, default | 20.0 | 10.0 |  |  |

                        | ms until the 1st child / ProcessBuilder | JDK 17 | JDK 17, AppCDS | JDK 17, prepared\
                         | JDK 25, AOT cache |
                        |---|---|---|---|---|
                        | spawn4j native, clone3 | 4.50 | 4.50 |  |  |
                        | ProcessBuilder, default | 1.00 | 1.00 |  |  |

                        | ms until the 1st child / ProcessBuilder, plain | JDK 17 | JDK 17, AppCDS\
                         | JDK 17, prepared | JDK 25, AOT cache |
                        |---|---|---|---|---|
                        | spawn4j native, clone3 | 4.50 | 2.25 | 0.75 |  |
                        | ProcessBuilder, default | 1.00 | 0.50 |  |  |
                        """)
                .contains(
                        "| the first child, JDK 17: time / ProcessBuilder, plain | at most 4.000 | at most 4.000 |"
                                + " 4.500 |"
                                + " **missed** |\n",
                        "| the first child, JDK 17, AppCDS: time / ProcessBuilder, plain | at most 2.500 | at most"
                                + " 2.500 |"
                                + " 2.250 | goal reached |\n",
                        "| the first child, JDK 17, prepared: time / ProcessBuilder, plain | at most 1.000 | at"
                                + " most 1.000"
                                + " | 0.750 | goal reached |\n")
                .doesNotContain("the first child, JDK 25");
    }

    @Test
    void rampHasAPictureAndATableOfWhatWasReached() {
        add(0, "ramp.free", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 100.0, Figure.UNTIL_100, 110.0));
        add(0, "ramp.free", PROCESS_BUILDER, Map.of(Figure.UNTIL_1, 10.0, Figure.UNTIL_100, 100.0));
        add(0, "ramp.free", Contender.NUPROCESS, Map.of(Figure.UNTIL_1, 50.0));

        assertThat(report())
                .contains("## The first 10,000 children of a JVM\n", "src=\"ramp-free-light.svg\"")
                .contains("""

                        | contender | ms until the 1st child | ms until the 10th | ms until the 100th\
                         | ms until the 1,000th\
                         | ms until the 10,000th | ms until the 1st child / ProcessBuilder\
                         | ms until the 100th / ProcessBuilder |
                        |---|---|---|---|---|---|---|---|
                        | spawn4j native, clone3 | 100.0 |  | 110.0 |  |  | 10.00 | 1.10 |
                        | ProcessBuilder, default | 10.0 |  | 100.0 |  |  | 1.00 | 1.00 |
                        | NuProcess 3.0.0 | 50.0 |  |  |  |  | 5.00 |  |
                        """)
                .contains("| the first 100 children: time / ProcessBuilder | at most 1.000 | at most 1.000 | 1.100 |");
    }

    @Test
    void rampOfOneFigureIsNoPicture() {
        add(0, "ramp.free", SPAWN4J_CLONE3, Map.of(Figure.UNTIL_1, 100.0));

        assertThat(report()).contains("(`ramp.free`)").doesNotContain("<picture>");
    }

    @Test
    void onePointIsNoPicture() {
        add(0, "fd.20", SPAWN4J_CLONE3, rate(4000, 1));

        assertThat(report()).contains("## Open descriptors").doesNotContain("<picture>");
    }

    @Test
    void systemCallsAreListedMostOftenFirstAndThoseOfNobodyLeftOut() {
        Map<String, Double> calls = new TreeMap<>(Map.of(Figure.SYSCALLS.key(), 7.504));
        Map.of("read", 2.0, "close", 4.0, "exit", 1.0, "execve", 1.0, "futex", 0.011, "madvise", 0.009)
                .forEach((name, times) -> calls.put(Figure.SYSCALL_PREFIX + name, times));
        measurements.add(new Measurement(0, Cells.full("syscalls", SPAWN4J_CLONE3), calls));

        assertThat(report())
                .contains("| contender | system calls |\n")
                .contains("\n\n- spawn4j native, clone3: close 4.00, read 2.00, execve 1.00, exit 1.00, futex 0.01\n");
    }

    @Test
    void leftOutAndFailedAreListedWithWhatWasSaidAsItWas() {
        Facts facts = new Facts(
                Map.of(),
                "full",
                List.of(),
                List.of("virtual: no JDK 25", "100 %d: not a format"),
                List.of("a/B: broken\n# JMH version\n\n| 1 |", "c/D: short", ""));

        assertThat(new MarkdownReport(facts, measurements).render())
                .contains("\nLeft out:\n\n- virtual: no JDK 25\n- 100 %d: not a format\n")
                .contains("\nFailed:\n\n- a/B: broken\n\n      # JMH version\n\n      | 1 |\n\n- c/D: short\n- \n");
    }

    @Test
    void withoutThemThereAreNoListsAndNoCallCost() {
        assertThat(report()).doesNotContain("Left out", "Failed", "Being called");
    }

    @Test
    void intervalsAreWorthWhatOrderStatisticsSay() {
        assertThat(report())
                .contains("\nFigures are medians over the rounds, ratios medians of the ratios within each round. In"
                        + " brackets: an interval that holds the true median with at least 95 % from six rounds"
                        + " on, with 93.8 % for five, 75 % for three, 50 % for two; where there is none, there"
                        + " was one round.\n");
        assertThat(Sample.intervalCoverage(Scenario.ROUNDS_FOR_AN_INTERVAL)).isGreaterThan(Sample.WANTED_COVERAGE);
        assertThat(Sample.intervalCoverage(Scenario.ROUNDS_FOR_AN_INTERVAL - 1)).isLessThan(Sample.WANTED_COVERAGE);
    }

    @Test
    void callCostHasAnInterval() {
        Facts facts = new Facts(Map.of(), "full", List.of(1.0, 2.0, 4.0), List.of(), List.of());

        assertThat(new MarkdownReport(facts, measurements).render())
                .contains("\nBeing called from Java costs the contenders in C 2.00 (1.00 to 4.00) us per child.\n");
    }

    @Test
    void factsAreATableWhateverIsInThem() {
        Facts facts = new Facts(Map.of("a|b", "100 % | %s"), "full", List.of(), List.of(), List.of());

        assertThat(new MarkdownReport(facts, measurements).render())
                .startsWith(
                        "# Benchmark results, full run\n\n| measured on | |\n|---|---|\n| a\\|b | 100 % \\| %s |\n");
    }

    @Test
    void everyTableOfAFullRunHasAsManyCellsInEachRowAndABlankLineBefore() {
        List<String> lines = new MarkdownReport(
                        new Facts(Map.of("CPU", "fast"), "full", List.of(), List.of(), List.of()),
                        Runs.everything(Cells.all(Length.FULL), 2))
                .render()
                .lines()
                .toList();

        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith("|")) {
                if (lines.get(i - 1).startsWith("|")) {
                    assertThat(cells(lines.get(i))).as(lines.get(i)).isEqualTo(cells(lines.get(i - 1)));
                } else {
                    assertThat(lines.get(i - 1)).as("before " + lines.get(i)).isEmpty();
                }
            }
        }
        assertThat(lines).filteredOn(line -> line.startsWith("## ")).hasSize(Suite.values().length + 1);
    }

    @Test
    void picturesOfAFullRunAreThoseThatAreDrawn(@TempDir Path directory) throws Exception {
        assertPictures(directory, Cells.all(Length.FULL));
    }

    @Test
    void picturesOfASmokeRunAreThoseThatAreDrawn(@TempDir Path directory) throws Exception {
        assertPictures(directory, Cells.all(Length.SMOKE));
    }

    @Test
    void picturesOfARunOfOneContenderAreThoseThatAreDrawn(@TempDir Path directory) throws Exception {
        assertPictures(
                directory,
                Cells.all(Length.QUICK).stream()
                        .filter(cell -> cell.contender() == PROCESS_BUILDER)
                        .toList());
    }

    private static void assertPictures(Path directory, List<Cell> cells) throws Exception {
        Measurements measurements = Runs.everything(cells, 2);
        Pictures.write(directory, measurements);

        String report =
                new MarkdownReport(new Facts(Map.of(), "full", List.of(), List.of(), List.of()), measurements).render();

        Set<String> written;
        try (Stream<Path> files = Files.list(directory)) {
            written = files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        List<String> referred = Pattern.compile("(?:srcset|src)=\"([^\"]+)\"")
                .matcher(report)
                .results()
                .map(reference -> reference.group(1))
                .toList();
        assertThat(referred).isNotEmpty().doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(written);
        assertThat(report.split("<picture>", -1)).hasSize(referred.size() / 2 + 1);
        assertThat(report).doesNotContainPattern("alt=\"[^\"]*[<>&]");
    }

    private static int cells(String row) {
        return row.replace("\\|", "").split("\\|", -1).length;
    }

    private static Map<Figure, Double> rate(double rate, double cpuMicros) {
        return Map.of(Figure.RATE, rate, Figure.CPU, cpuMicros);
    }

    private void add(int round, String scenario, Contender contender, Map<Figure, Double> figures) {
        measurements.add(Runs.measurement(round, scenario, contender, figures));
    }

    private String report() {
        return new MarkdownReport(new Facts(Map.of(), "full", List.of(), List.of(), List.of()), measurements).render();
    }
}
