// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256DemoTest {
    @TempDir
    Path root;

    @Test
    void everyFileIsDoneByBoth() throws Exception {
        try (Race race = new Race(files(250), 2)) {
            race.run();

            assertThat(race.tally(Starter.SPAWN4J).children()).isEqualTo(250);
            assertThat(race.tally(Starter.PROCESS_BUILDER).children()).isEqualTo(250);
            assertThat(race.tally(Starter.SPAWN4J).perSecond()).isPositive();
        }
    }

    @Test
    void fileThatIsGoneFailsTheRace() throws Exception {
        List<Path> files = files(3);
        Files.delete(files.get(1));

        try (Race race = new Race(files, 1)) {
            assertThatThrownBy(race::run)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(files.get(1).toString());
        }
    }

    @Test
    void childThatFailsIsAnErrorWithItsWords() {
        Path missing = root.resolve("missing");

        assertThatThrownBy(() -> Checksum.inChild(Starter.PROCESS_BUILDER, missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 1: sha256sum: ");
    }

    @Test
    void badArgumentsAreExplained() {
        assertThatThrownBy(() -> DemoOptions.parse("--files", "0"))
                .hasMessage("--files takes a number from 1 to 9999999, not 0");
        assertThatThrownBy(() -> DemoOptions.parse("--workers", "two"))
                .hasMessage("--workers takes a number from 1 to 9999999, not two");
        assertThatThrownBy(() -> DemoOptions.parse("--root", "/nowhere"))
                .hasMessage("--root takes a directory, and /nowhere is none");
        assertThatThrownBy(() -> DemoOptions.parse("--root")).hasMessage("--root needs a value");
        assertThatThrownBy(() -> DemoOptions.parse("fast")).hasMessage("unknown option fast");
    }

    @Test
    void severalWorkersUnlessToldOtherwise() {
        assertThat(DemoOptions.parse().workers())
                .isGreaterThanOrEqualTo(2)
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(DemoOptions.parse("--workers", "1").workers()).isEqualTo(1);
    }

    @Test
    void exitCodeIsTwoForBadArgumentsAndForNothingToDo() throws Exception {
        assertThat(Sha256Demo.run("--files", "none")).isEqualTo(2);
        assertThat(Sha256Demo.run("--root", root.toString())).isEqualTo(2);
    }

    @Test
    void exitCodeIsZeroWhenEveryDigestIsRight() throws Exception {
        files(5);

        assertThat(Sha256Demo.run("--root", root.toString(), "--workers", "2")).isZero();
    }

    private List<Path> files(int count) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(Files.writeString(root.resolve("file-" + i), "content " + i));
        }
        return files;
    }
}
