// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts that fail, over and over, leave as much as they found. */
class FailedStartsTest {
    /** Of each kind: more than 20,000 in all. */
    private static final int STARTS = 3_000;

    @TempDir
    static Path directory;

    /** Where a start fails. */
    private enum Kind {
        NO_FILE(SpawnStage.REDIRECT) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("true").redirectErrorStream(true).redirectInput(new File("/nonexistent"));
            }
        },
        SECOND_FILE(SpawnStage.REDIRECT) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("true")
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(new File("/nonexistent/file"));
            }
        },
        CLOSED_DESCRIPTOR(SpawnStage.DESCRIPTORS) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("true")
                        .redirectInput(new File("/dev/null"))
                        .policy(SpawnPolicy.builder()
                                .extraDescriptor(5, 1_000_000)
                                .build());
            }
        },
        NO_GROUP(SpawnStage.PROCESS_GROUP) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("true")
                        .policy(SpawnPolicy.builder()
                                .joinProcessGroup(Integer.MAX_VALUE)
                                .build());
            }
        },
        NO_DIRECTORY(SpawnStage.DIRECTORY) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("true").redirectOutput(Redirect.DISCARD).directory(new File("/nonexistent"));
            }
        },
        NO_PROGRAM(SpawnStage.EXEC) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("spawn4j-no-such-program");
            }
        },
        NO_PERMISSION(SpawnStage.EXEC) {
            @Override
            SpawnBuilder builder() {
                return new SpawnBuilder("/usr").redirectError(Redirect.INHERIT);
            }
        };

        private final SpawnStage stage;

        Kind(SpawnStage stage) {
            this.stage = stage;
        }

        abstract SpawnBuilder builder();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName("F19: a failed start leaks no descriptor, no thread and no zombie")
    void countsAreFlat(Kind kind) throws Exception {
        fail(kind);
        assertStarts();
        LeakCheck leaks = LeakCheck.begin();
        List<String> ofTheSpawner = SpawnerThread.descriptors();
        int zombies = 0;
        int starts = Scale.of(STARTS);
        for (int i = 0; i < starts; i++) {
            fail(kind);
            if (i % 1000 == 0) {
                zombies += (int) ProcFs.children().stream()
                        .filter(child -> !ProcFs.isRunning(child))
                        .count();
            }
        }
        assertThat(zombies)
                .as("a failed start has buried its child when it returns")
                .isZero();
        leaks.assertClean();
        assertThat(SpawnerThread.descriptors()).isEqualTo(ofTheSpawner);
        assertStarts();
    }

    private static void fail(Kind kind) {
        SpawnException failure =
                catchThrowableOfType(SpawnException.class, () -> kind.builder().start());
        assertThat(failure.stage()).isEqualTo(kind.stage);
    }

    private static void assertStarts() throws Exception {
        assertThat(new SpawnBuilder(TestTools.command("tiny", "3")).start().exitStatus())
                .isEqualTo(new ExitStatus.Exited(3));
    }
}
