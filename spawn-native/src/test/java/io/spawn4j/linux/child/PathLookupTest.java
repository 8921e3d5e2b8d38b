// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.PathLookup;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.ChildState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which PATH finds a program, and by execvp's rules. */
class PathLookupTest {
    private static final SpawnPolicy CHILDS =
            SpawnPolicy.builder().pathLookup(PathLookup.CHILD).build();

    @TempDir
    Path directory;

    private Path first;
    private Path second;

    @BeforeEach
    void twoDirectories() throws IOException {
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    private static void program(Path file, String says, boolean executable) throws IOException {
        Files.writeString(file, "#!/bin/sh\necho " + says + "\n");
        assertThat(file.toFile().setExecutable(executable)).isTrue();
    }

    private SpawnBuilder builder(String program, SpawnPolicy policy) {
        SpawnBuilder builder = new SpawnBuilder(program).policy(policy);
        builder.environment().put("PATH", first + ":" + second);
        return builder;
    }

    @Test
    void jvmsPathFindsTheProgramUnlessToldOtherwise() throws IOException {
        program(first.resolve("echo"), "of the child", true);
        assertThat(ChildState.output(builder("echo", SpawnPolicy.defaults()).start()))
                .isEqualTo("\n");
        assertThat(ChildState.output(builder("echo", CHILDS).start())).isEqualTo("of the child\n");
    }

    @Test
    void programOnlyInTheOtherPathIsNotFound() throws IOException {
        program(second.resolve("spawn4j-only-here"), "here", true);
        assertThat(ChildState.output(builder("spawn4j-only-here", CHILDS).start()))
                .isEqualTo("here\n");
        SpawnException failure = catchThrowableOfType(
                SpawnException.class,
                () -> builder("spawn4j-only-here", SpawnPolicy.defaults()).start());
        assertThat(failure.errnoName()).isEqualTo("ENOENT");
    }

    @Test
    void fileThatMayNotBeRunGivesWayToTheNext() throws IOException {
        program(first.resolve("spawn4j-twice"), "first", false);
        program(second.resolve("spawn4j-twice"), "second", true);
        assertThat(ChildState.output(builder("spawn4j-twice", CHILDS).start())).isEqualTo("second\n");
    }

    @Test
    void fileThatMayNotBeRunIsRememberedOverOneThatIsMissing() throws IOException {
        program(first.resolve("spawn4j-forbidden"), "first", false);
        SpawnException failure = catchThrowableOfType(
                SpawnException.class, () -> builder("spawn4j-forbidden", CHILDS).start());
        assertThat(failure.errnoName()).isEqualTo("EACCES");
        assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
    }

    @Test
    void relativeEntryIsRelativeToTheChildsDirectory() throws IOException {
        program(second.resolve("spawn4j-relative"), "relative", true);
        SpawnBuilder builder = builder("spawn4j-relative", CHILDS).directory(directory.toFile());
        builder.environment().put("PATH", "second");
        assertThat(ChildState.output(builder.start())).isEqualTo("relative\n");
        builder.environment().put("PATH", "/nonexistent::");
        assertThat(ChildState.output(builder.directory(second.toFile()).start()))
                .isEqualTo("relative\n");
    }

    @Test
    void nameWithASlashIsNotLookedUp() throws IOException {
        program(first.resolve("spawn4j-slash"), "slash", true);
        SpawnException failure = catchThrowableOfType(
                SpawnException.class, () -> builder("./spawn4j-slash", CHILDS).start());
        assertThat(failure.errnoName()).isEqualTo("ENOENT");
        assertThat(ChildState.output(builder("./spawn4j-slash", CHILDS)
                        .directory(first.toFile())
                        .start()))
                .isEqualTo("slash\n");
    }
}
