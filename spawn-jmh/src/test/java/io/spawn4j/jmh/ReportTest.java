// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    /** What a run of the command gave. */
    private record Outcome(int code, String out, String error) {}

    @TempDir
    private Path directory;

    @Test
    void smallRunWritesItsFolderAndSaysHowLongTheRestTakes() throws Exception {
        Path stored = Files.writeString(
                directory.resolve("ratios.txt"), "tiny.t1/SPAWN4J_CLONE3 90 80 99 6\nother/SPAWN4J_CLONE3 1 1 1 6\n");

        Outcome outcome = report(
                "--smoke",
                "--only",
                "^(tiny.t1|fd.20|fd.15000|exit.1ms|footprint)/(SPAWN4J_CLONE3|C_POSIX_SPAWN)$",
                "--out",
                directory.resolve("out").toString(),
                "--compare",
                stored.toString());

        assertThat(outcome.code()).as(outcome.error()).isZero();
        assertThat(outcome.out()).isEmpty();
        List<String> progress = outcome.error()
                .lines()
                .filter(line -> line.startsWith("round "))
                .toList();
        assertThat(progress).hasSize(7).allMatch(line -> line.matches("round 1, \\d of 7, \\d+:\\d\\d min left: .+"));
        assertThat(progress.get(0)).matches(".*: tiny.t1/SPAWN4J_CLONE3: [\\d,]+ spawns/s, [\\d,]+ CPU us, .*");
        assertThat(progress.get(5)).contains(" min left: exit.1ms/C_POSIX_SPAWN: ", " median us, ", " p99 us");
        assertThat(outcome.error())
                .containsPattern(
                        "(?m)^tiny.t1/SPAWN4J_CLONE3 .*stored 90.00 \\(80.00 to 99.00\\): too few rounds to say$")
                .contains("results: " + directory.resolve("out"));
        assertThat(progress.get(6)).contains(" 0:00 min left: footprint/SPAWN4J_CLONE3: ");
        Path results = onlyFolder();
        assertThat(results.getFileName().toString()).matches("\\d{4}-\\d\\d-\\d\\d-\\d{6}-smoke");
        assertThat(names(results))
                .containsExactly(
                        "README.md",
                        "curve-descriptors-dark.svg",
                        "curve-descriptors-light.svg",
                        "jmh.json",
                        "ratios.txt",
                        "tiny-t1-dark.svg",
                        "tiny-t1-light.svg");
        assertThat(results.resolve("README.md"))
                .content()
                .startsWith("# Benchmark results, smoke run\n")
                .contains("## Spawn and wait\n", "## Open descriptors\n", "### a child that lives 1 ms (`exit.1ms`)\n")
                // The library's own threads start when somebody asks what it can do.
                .containsPattern("\\| threads that live children need \\| at most 4.00 \\| at most 3.00 \\| [1-9]")
                .doesNotContain("Failed:", "Left out:");
        assertThat(results.resolve("ratios.txt"))
                .content()
                .containsPattern("(?m)^tiny.t1/SPAWN4J_CLONE3( \\d+\\.\\d{4}){3} 1$");
        assertThat(Pattern.compile("\"benchmark\" : ")
                        .matcher(Files.readString(results.resolve("jmh.json")))
                        .results())
                .hasSize(7);
        assertThat(results.resolve("jmh.json"))
                .content()
                .contains("\"TEMPORARY/java-")
                .doesNotContain("spawn4j-jmh-");
    }

    @Test
    void contenderThatFailsIsListedAndTheRestIsWritten() throws Exception {
        ProcessBuilder builder = command(
                "--smoke",
                "--only",
                "^(tiny.t1|exit.1ms)/(NUPROCESS|C_POSIX_SPAWN)$",
                "--out",
                directory.resolve("out").toString());
        // NuProcess has its native library from JNA, and nobody else has.
        builder.environment()
                .put(
                        "JDK_JAVA_OPTIONS",
                        "-Djna.nosys=true -Djna.nounpack=true -Djna.boot.library.path=" + directory.resolve("none"));

        Outcome outcome = run(builder);

        assertThat(outcome.code()).as(outcome.error()).isEqualTo(1);
        assertThat(outcome.error())
                .containsPattern(
                        "(?m)^round 1, 2 of 3, .* left: tiny.t1/NUPROCESS: FAILED: java.lang.\\S+Error: \\S.*$")
                .containsPattern("(?m)^round 1, 3 of 3, .* left: exit.1ms/C_POSIX_SPAWN: .* median us")
                .containsPattern(
                        "(?m)^round 1, tiny.t1/NUPROCESS: java.lang.\\S+Error: \\S.*\nJMH says:\n# JMH version");
        Path results = onlyFolder();
        assertThat(names(results))
                .containsExactly("README.md", "jmh.json", "ratios.txt", "tiny-t1-dark.svg", "tiny-t1-light.svg");
        assertThat(results.resolve("README.md"))
                .content()
                .containsPattern("\nFailed:\n\n- round 1, tiny.t1/NUPROCESS: java.lang.\\S+Error: .*\n\n"
                        + "      JMH says:\n      # JMH version")
                .containsPattern("(?m)^\\| C, posix_spawn \\+ waitid \\| ")
                .doesNotContainPattern("(?m)^# (JMH|VM|Warmup)");
    }

    @Test
    void listSaysWhatWouldRunAndForHowLong() throws Exception {
        Outcome outcome = report("--quick", "--only", "^tiny.t1/(SPAWN4J_CLONE3|C_POSIX_SPAWN)$", "--list");

        assertThat(outcome.code()).as(outcome.error()).isZero();
        assertThat(outcome.out())
                .isEqualTo("tiny.t1/SPAWN4J_CLONE3\ntiny.t1/C_POSIX_SPAWN\n2 forks in 1 rounds, about 0:10 min\n");
    }

    @Test
    void helpIsPrintedAndWrongArgumentsEndWith2() throws Exception {
        Outcome help = report("--help", "--nonsense");
        Outcome wrong = report("--nonsense");
        Outcome nothing = report("--only", "nothing is called so");

        assertThat(help).isEqualTo(new Outcome(0, ReportOptions.USAGE, ""));
        assertThat(wrong).isEqualTo(new Outcome(2, "", "unknown option --nonsense\n" + ReportOptions.USAGE));
        assertThat(nothing).isEqualTo(new Outcome(2, "", "--only leaves nothing to run; --list shows what there is\n"));
    }

    @Test
    void storedRatiosThatAreNoneAreRefusedBeforeAnythingRuns() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken"), "three words only\n");
        Path missing = directory.resolve("missing");

        assertThat(report("--compare", broken.toString()))
                .isEqualTo(new Outcome(1, "", broken + ": not a line of ratios: three words only\n"));
        assertThat(report("--compare", missing.toString()))
                .isEqualTo(new Outcome(1, "", "java.nio.file.NoSuchFileException: " + missing + "\n"));
    }

    private Outcome report(String... arguments) throws Exception {
        return run(command(arguments));
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ClassPath.all(),
                Report.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private Outcome run(ProcessBuilder builder) throws Exception {
        Path out = directory.resolve("stdout");
        Path error = directory.resolve("stderr");
        int code = builder.redirectOutput(out.toFile())
                .redirectError(error.toFile())
                .start()
                .waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(error));
    }

    private Path onlyFolder() throws IOException {
        List<String> folders = names(directory.resolve("out"));
        assertThat(folders).hasSize(1);
        return directory.resolve("out").resolve(folders.get(0));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
