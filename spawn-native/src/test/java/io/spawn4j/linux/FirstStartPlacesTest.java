// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.engine;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.MountNamespace;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where native code lies while the first start loads it: nowhere for others to write, nowhere for long, and somewhere
 * on every host.
 */
@Tag(NestedSuite.MAIN_ONLY)
class FirstStartPlacesTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final Path OTHER_TEMPORARY = Path.of("/var/tmp");

    /** From this JDK on, code is loaded from memory where no place lets it be executed. */
    private static final int LOADS_FROM_MEMORY = 22;

    /** Starts a child, and says what lies where. */
    public static final class Places {
        private Places() {}

        /** Arguments: directories to list. */
        public static void main(String[] arguments) throws IOException {
            say("first", start());
            say("second", start());
            for (String directory : arguments) {
                try (Stream<Path> files = Files.list(Path.of(directory))) {
                    say(directory, files.toList());
                }
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.filter(line -> line.contains("jffi") && !line.contains(".jar"))
                        .map(line -> line.replaceAll(".* /", "/"))
                        .distinct()
                        .forEach(line -> say("mapped", line));
            }
            say("engine", engine());
        }
    }

    @TempDir
    Path temporary;

    @TempDir
    Path stubs;

    private Path stub;

    @BeforeEach
    void unpackTheStub() throws IOException {
        stub = stubs.resolve("libjffi-1.2.so");
        String machine = Command.run("uname", "-m").orThrow().strip();
        try (InputStream resource =
                ClassLoader.getSystemResourceAsStream("jni/" + machine + "-Linux/" + stub.getFileName())) {
            Files.copy(resource, stub);
        }
    }

    @Test
    @Requires({Ability.ROOT, Ability.MOUNT})
    @DisplayName("F34: a read-only root, of which only /dev/shm is writable")
    void readOnlyRoot() {
        MountNamespace mounts = MountNamespace.create().readOnly().empty(SHARED_MEMORY, "mode=1777");
        assertStarts(Jars.jvm(Places.class, SHARED_MEMORY.toString()).through(mounts.launcher()))
                .contains(SHARED_MEMORY + ": []\n")
                .containsPattern("mapped: " + SHARED_MEMORY + "/spawn4j\\d+/libjffi-1.2.so \\(deleted\\)");
    }

    @Test
    @DisplayName("F34: java.io.tmpdir is missing")
    void noTemporaryDirectory() {
        assertStarts(Jars.jvm(Places.class).property("java.io.tmpdir", "/nonexistent"));
    }

    @Test
    @Requires({Ability.ROOT, Ability.MOUNT})
    @DisplayName("F34: java.io.tmpdir is mounted noexec, and the working directory is not writable")
    void noexecTemporaryDirectory() {
        MountNamespace mounts = MountNamespace.create()
                .readOnly()
                .empty(temporary, "noexec,mode=1777")
                .empty(OTHER_TEMPORARY, "mode=1777");
        assertStarts(in(temporary, mounts, temporary.toString(), OTHER_TEMPORARY.toString()))
                .contains(temporary + ": []\n", OTHER_TEMPORARY + ": []\n")
                .containsPattern("mapped: " + OTHER_TEMPORARY + "/spawn4j\\d+/");
    }

    @Test
    @Requires({Ability.ROOT, Ability.MOUNT})
    @DisplayName("F34: every writable place is mounted noexec")
    void noexecEverywhere() {
        NestedJvm jvm = in(temporary, noexec(), temporary.toString());
        if (Runtime.version().feature() >= LOADS_FROM_MEMORY) {
            assertStarts(jvm).contains(temporary + ": []\n");
        } else {
            assertThat(jvm.run().orThrow())
                    .containsPattern("first: SpawnException : no spawn4j engine can run here: .*noexec")
                    .contains("java.io.tmpdir", "-Djffi.boot.library.path", temporary + ": []\n", "engine: none");
        }
    }

    @Test
    @Requires({Ability.ROOT, Ability.MOUNT})
    @DisplayName("F34: every writable place is mounted noexec, and jffi is told where its stub lies")
    void noexecEverywhereWithAPlaceForTheStub() {
        assertStarts(in(temporary, noexec(), temporary.toString()).property("jffi.boot.library.path", stubs.toString()))
                .contains("mapped: " + stub + "\n", temporary + ": []\n");
    }

    private MountNamespace noexec() {
        return MountNamespace.create().readOnly().empty(temporary, "noexec,mode=1777");
    }

    private static NestedJvm in(Path temporary, MountNamespace mounts, String... directories) {
        return Jars.jvm(Places.class, directories)
                .through(mounts.launcher())
                .property("java.io.tmpdir", temporary.toString())
                .directory(Path.of("/proc"));
    }

    @Test
    @DisplayName("F34: jffi.boot.library.path is respected")
    void bootPath() {
        assertStarts(inShared().property("jffi.boot.library.path", stubs.toString()))
                .contains("mapped: " + stub + "\n", temporary + ": []\n");
        assertThat(stub).exists();
    }

    @Test
    @DisplayName("F34: jffi.extract.dir is respected")
    void extractDirectory() {
        assertStarts(inShared().property("jffi.extract.dir", stubs.toString()))
                .contains(temporary + ": []\n")
                .containsPattern("mapped: " + stubs + "/jffi\\S*\\.so");
    }

    private NestedJvm inShared() {
        return Jars.jvm(Places.class, temporary.toString()).property("java.io.tmpdir", temporary.toString());
    }

    @Test
    @Requires(Ability.STRACE)
    @DisplayName("F34: in a shared java.io.tmpdir and with umask 0, nobody else could have written what is loaded")
    void sharedTemporaryDirectory() throws IOException {
        Path shared = Files.createDirectory(temporary.resolve("shared"));
        Path working = Files.createDirectory(temporary.resolve("working"));
        for (Path directory : List.of(shared, working)) {
            Command.run("chmod", "1777", directory.toString()).orThrow();
        }
        Path log = stubs.resolve("strace");
        assertStarts(Jars.jvm(Places.class, shared.toString(), working.toString())
                        .through("sh", "-c", "umask 0; exec \"$@\"", "sh")
                        .through("strace", "-f", "-qq", "-o", log.toString(), "-e", "trace=%file")
                        .property("java.io.tmpdir", shared.toString())
                        .option("-XX:-UsePerfData") // the JVM's own files
                        .directory(working))
                .contains(shared + ": []\n", working + ": []\n");
        List<String> made = made(log, shared, working);
        assertThat(made)
                .first()
                .asString()
                .matches(".*mkdir\\(\"" + Pattern.quote(shared.toString()) + "/spawn4j\\d+\", 0700\\) += 0");
        String directory = made.get(0).replaceAll(".*\\(\"|\".*", "");
        assertThat(made.subList(1, made.size()))
                .isNotEmpty()
                .allMatch(call -> call.contains("O_CREAT") && call.contains("\"" + directory + "/"));
    }

    /** What was made in these two directories, by whatever name: the calls that succeeded. */
    private static List<String> made(Path log, Path shared, Path working) throws IOException {
        Pattern relative = Pattern.compile("\\(\"[^/]|AT_FDCWD, \"[^/]");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.matches("\\d+ +(mkdir|symlink|link|rename|mknod)\\w*\\(.*")
                            || line.contains("O_CREAT"))
                    .filter(line -> !line.contains(" = -1 "))
                    .filter(line -> line.contains(shared.toString())
                            || line.contains(working.toString())
                            || relative.matcher(line).find())
                    .toList();
        }
    }

    private static AbstractStringAssert<?> assertStarts(NestedJvm jvm) {
        return assertThat(jvm.run().orThrow())
                .contains("first: " + STARTED + "\nsecond: " + STARTED + "\n")
                .endsWith("engine: native\n");
    }
}
