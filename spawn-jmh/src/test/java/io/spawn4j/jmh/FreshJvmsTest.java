// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.benchmark.FreshStarts;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.NativeFiles;
import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.HeadStart;
import io.spawn4j.jmh.suite.Launch;
import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Method;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ClassPath.class) // runs as from the jar
class FreshJvmsTest {
    private final FreshJvms jvms = new FreshJvms(new JvmLauncher());

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "SPAWN4J_POSIX_SPAWN", "PROCESS_BUILDER", "NUPROCESS"})
    void jvmTellsWhenItsFirstChildrenAreGone(Contender contender) throws Exception {
        Measurement measurement = jvms.measurement(3, cell(contender, HeadStart.NONE, "1,10", List.of()));

        assertThat(measurement.round()).isEqualTo(3);
        assertThat(measurement.figures()).containsOnlyKeys(Figure.UNTIL_1.key(), Figure.UNTIL_10.key());
        assertThat(measurement.figure(Figure.UNTIL_1).orElseThrow())
                .isBetween(0.5, measurement.figure(Figure.UNTIL_10).orElseThrow());
        assertThat(measurement.figure(Figure.UNTIL_10).orElseThrow()).isLessThan(60_000);
    }

    @ParameterizedTest
    @CsvSource({"SPAWN4J_CLONE3,$Spawn4j", "PROCESS_BUILDER,$Jdk", "NUPROCESS,$Nu"})
    void nothingOfALibraryIsLoadedBeforeTheFirstRequest(Contender contender, String request) throws Exception {
        Path log = directory.resolve("loaded");
        jvms.measurement(0, cell(contender, HeadStart.NONE, "1", List.of("-Xlog:class+load:file=" + log)));

        List<String> loaded = Files.readAllLines(log).stream()
                .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").split(" ", 2)[0])
                .toList();
        int first = loaded.indexOf(FreshStarts.class.getName() + request);
        assertThat(first).isPositive();
        assertThat(loaded.subList(0, first))
                .contains(FreshStarts.class.getName())
                .noneMatch(name -> name.matches("(com|org|jnr)\\..*|java\\.lang\\.Process(Builder|Impl)?"))
                .filteredOn(name -> name.startsWith("io.spawn4j."))
                .allMatch(name -> name.startsWith(FreshStarts.class.getName()));
    }

    @Test
    void archiveIsWrittenByOneJvmAndReadByAllOthers() throws Exception {
        // A JVM archives no classes of directories.
        System.setProperty(ClassPath.PROPERTY, ClassPath.jars(directory));
        Cell cell = cell(Contender.PROCESS_BUILDER, HeadStart.APP_CDS, "1", List.of());

        Measurement first = jvms.measurement(0, cell);
        Path archive = NativeFiles.directory().resolve("head-start-0");
        long written = archive.toFile().lastModified();
        Measurement second = jvms.measurement(1, cell);

        assertThat(archive).isNotEmptyFile();
        assertThat(archive.toFile().lastModified()).isEqualTo(written);
        assertThat(first.figures()).containsOnlyKeys(Figure.UNTIL_1.key());
        assertThat(second.figures()).containsOnlyKeys(Figure.UNTIL_1.key());
    }

    @Test
    void archiveThatCannotBeWrittenIsAnErrorInTheJvmsOwnWords() {
        Cell cell = cell(Contender.PROCESS_BUILDER, HeadStart.APP_CDS, "1", List.of());

        assertThatThrownBy(() -> jvms.measurement(0, cell))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Error occurred during initialization of VM\nThe JVM ended with 1 and said:\n")
                .hasMessageContaining("Cannot have non-empty directory in paths");
    }

    @Test
    void jvmThatDoesNotStartIsAnErrorInItsOwnWords() {
        Cell cell = cell(Contender.PROCESS_BUILDER, HeadStart.NONE, "1", List.of("-XX:+NoSuchOption"));

        assertThatThrownBy(() -> jvms.measurement(0, cell))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Error: Could not create the Java Virtual Machine.\nThe JVM ended with 1")
                .hasMessageContaining("NoSuchOption");
    }

    @Test
    void contenderThatIsNotMeasuredSoIsNamedInTheFirstLine() {
        Cell cell = cell(Contender.ZT_EXEC, HeadStart.NONE, "1", List.of());

        assertThatThrownBy(() -> jvms.measurement(0, cell))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Exception in thread \"main\" java.lang.IllegalArgumentException: ZT_EXEC\n");
    }

    private static Cell cell(Contender contender, HeadStart headStart, String children, List<String> jvmArguments) {
        Scenario like = Suite.FIRST.scenarios(Length.SMOKE).get(0);
        Scenario scenario = new Scenario(
                "scenario",
                like.label(),
                like.x(),
                Method.FRESH,
                Map.of("headStart", headStart.name(), "children", children),
                like.threads(),
                new Launch(false, false, 0, 0, 0, jvmArguments),
                like.timing(),
                List.of(contender),
                List.of(),
                1);
        return new Cell(Suite.FIRST, scenario, contender);
    }
}
