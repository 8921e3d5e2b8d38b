// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2031, 2, 3, 4, 5, 6, 999_999_999);

    @TempDir
    private Path directory;

    @Test
    void nameHasDateTimeAndLengthAndParentsAreCreated() throws Exception {
        Path parent = directory.resolve("a/b");

        ResultFolder folder = ResultFolder.create(parent, NOW, "quick");

        assertThat(folder.directory())
                .isEqualTo(parent.resolve("2031-02-03-040506-quick"))
                .isEmptyDirectory();
    }

    @Test
    void folderOfAnotherRunIsNotTouched() throws Exception {
        Path other = ResultFolder.create(directory, NOW, "full").directory();

        assertThatThrownBy(() -> ResultFolder.create(directory, NOW, "full"))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(other.toString());
        assertThat(ResultFolder.create(directory, NOW.plusSeconds(1), "full").directory())
                .isNotEqualTo(other);
    }

    @Test
    void withoutResultsThereAreValidFilesAllTheSame() throws Exception {
        ResultFolder folder = ResultFolder.create(directory, NOW, "smoke");

        folder.write(facts(), new Measurements(), List.of());
        folder.draw(new Measurements());

        assertThat(folder.directory().resolve("jmh.json")).content().matches("\\[\\s*]\\s*");
        assertThat(folder.directory().resolve("ratios.txt"))
                .content()
                .startsWith("# ")
                .hasLineCount(1);
        assertThat(folder.directory().resolve("README.md")).content().startsWith("# Benchmark results, smoke run\n");
        assertThat(folder.directory()).isDirectoryNotContaining("glob:**.svg");
    }

    @Test
    void writingAgainReplacesWhatWasThere() throws Exception {
        ResultFolder folder = ResultFolder.create(directory, NOW, "smoke");
        Measurements measurements = Runs.rates("tiny.t1", SPAWN4J_CLONE3, 50, 60);
        Runs.addRates(measurements, "tiny.t1", C_POSIX_SPAWN, 100, 100);
        for (String name : List.of("README.md", "ratios.txt", "jmh.json")) {
            Files.writeString(folder.directory().resolve(name), "longer than what comes\n".repeat(1000));
        }

        folder.write(facts(), measurements, List.of());
        folder.draw(measurements);
        folder.draw(measurements);

        assertThat(folder.directory().resolve("ratios.txt"))
                .content()
                .endsWith("\ntiny.t1/SPAWN4J_CLONE3 0.5500 0.5000 0.6000 2\n");
        assertThat(folder.directory().resolve("jmh.json")).content().matches("\\[\\s*]\\s*");
        assertThat(folder.directory().resolve("README.md")).content().doesNotContain("longer");
        assertThat(folder.directory().resolve("tiny-t1-dark.svg")).isNotEmptyFile();
    }

    private static Facts facts() {
        return new Facts(Map.of("CPU", "fast"), "smoke", List.of(), List.of(), List.of());
    }
}
