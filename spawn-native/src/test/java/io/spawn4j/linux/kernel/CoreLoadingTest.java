// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The C core gets into the process without a file that stays, or the other engine takes over and says why. */
@RequiresNativeEngine
class CoreLoadingTest {
    private static final int F_GET_SEALS = 1034;
    private static final int ALL_SEALS = 0xf;

    /** Spawns once and says which engine did, and from where its library came. */
    public static final class OneSpawn {
        private OneSpawn() {}

        /** Runs it. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            try {
                int exit = new SpawnBuilder(TestTools.path("tiny"), "7").start().waitFor();
                System.out.println("exit " + exit + " engine "
                        + SpawnCapabilities.current().engine());
            } catch (SpawnException e) {
                System.out.println("refused " + e.getMessage());
            }
            coreMappings().forEach(line -> System.out.println("maps " + line));
            try (Stream<Path> files = Files.exists(temporary()) ? Files.list(temporary()) : Stream.of()) {
                files.forEach(file -> System.out.println("left " + file.getFileName()));
            }
        }

        private static Path temporary() {
            return Path.of(System.getProperty("java.io.tmpdir"));
        }
    }

    @TempDir
    Path directory;

    @Test
    void coreRunsFromASealedMemfd() throws IOException, InterruptedException, StartFailure {
        assertThat(new SpawnBuilder(TestTools.path("tiny")).start().waitFor()).isZero();
        assertThat(coreMappings()).isNotEmpty().allMatch(line -> line.endsWith("/memfd:spawn4j (deleted)"));
        List<Integer> memfds = ProcFs.descriptors().entrySet().stream()
                .filter(descriptor -> descriptor.getValue().startsWith("/memfd:spawn4j"))
                .map(descriptor -> descriptor.getKey())
                .toList();
        assertThat(memfds).isNotEmpty();
        CFunction fcntl = CLibrary.ofProcess(Jffi.open()).function("fcntl");
        for (int fd : memfds) {
            assertThat(TestTools.natives().descriptorFlags(fd))
                    .as("close-on-exec")
                    .isEqualTo(1);
            assertThat(fcntl.intOrErrno(fd, F_GET_SEALS, 0) & ALL_SEALS).isEqualTo(ALL_SEALS);
        }
    }

    @Test
    void withoutMemfdsItComesFromADirectoryThatIsGoneAtOnce() {
        String output = nested("memfd_create=EPERM").run().orThrow();
        assertThat(output)
                .contains("exit 7 engine native")
                .containsPattern(
                        "maps .* " + Pattern.quote(directory.toString()) + "/spawn4j\\d+/libspawn4j.so \\(deleted\\)")
                .doesNotContainPattern("left spawn4j")
                .doesNotContain("falls back");
    }

    @Test
    void withoutAnyPlacePosixSpawnTakesOver() throws IOException {
        String output = nowhere().run().orThrow();
        assertThat(output).contains("exit 7 engine posix_spawn").doesNotContain("maps ");
        assertThat(output.lines().filter(line -> line.contains("WARN") && line.contains("falls back")))
                .singleElement()
                .asString()
                .contains("falls back to engine posix_spawn: engine native cannot run here: the C core can be loaded"
                        + " neither from a memfd (memfd_create: ")
                .contains("EPERM")
                .contains("nor from a directory (/nonexistent: ");
    }

    @Test
    void withoutAnyPlaceTheForcedEngineSaysWhy() throws IOException {
        String output = nowhere().property("io.spawn4j.engine", "native").run().orThrow();
        assertThat(output)
                .containsPattern(
                        "refused .*-Dio.spawn4j.engine=native: this engine cannot run here: the C core can be"
                                + " loaded neither from a memfd \\(memfd_create: .*EPERM.*\\) nor from a directory \\(/nonexistent: ")
                .doesNotContain("exit ");
    }

    @Test
    void coreOfAnotherVersionIsNotUsed() throws IOException {
        String host = Command.run("uname", "-m").orThrow().strip();
        Path resource = directory.resolve("io/spawn4j/linux/" + host + "/libspawn4j.so");
        Files.createDirectories(resource.getParent());
        Files.write(resource, ofVersionTwo(host));
        String classPath =
                directory + ":" + System.getProperty("spawn4j.test.classpath", System.getProperty("java.class.path"));
        assertThat(NestedJvm.of(OneSpawn.class).classPath(classPath).run().orThrow())
                .contains("exit 7 engine posix_spawn")
                .contains("libspawn4j.so speaks ABI version 2, and this jar 1");
    }

    /** The same core, but s4j_abi_version() returns 2: both compilers make it of one move and one return. */
    private byte[] ofVersionTwo(String architecture) throws IOException {
        byte[] image;
        try (InputStream resource =
                CoreLibrary.class.getResourceAsStream("/io/spawn4j/linux/" + architecture + "/libspawn4j.so")) {
            image = resource.readAllBytes();
        }
        Path file = Files.write(directory.resolve("original.so"), image);
        Matcher symbol = Pattern.compile("(?m)^ *\\d+: (\\p{XDigit}+) .* s4j_abi_version$")
                .matcher(Command.run("readelf", "-W", "--dyn-syms", file.toString())
                        .orThrow());
        assertThat(symbol.find()).isTrue();
        int at = Integer.parseInt(symbol.group(1), 16); // code lies at its own offset in the file
        if (architecture.equals("aarch64")) {
            assertThat(image[at]).isEqualTo((byte) 0x20); // mov w0, #1
            image[at] = 0x40;
        } else {
            assertThat(image[at]).isEqualTo((byte) 0xb8); // mov $1, %eax
            image[at + 1] = 2;
        }
        return image;
    }

    // No memfd and no directory; jffi has a setting of its own for where its library lies.
    private NestedJvm nowhere() throws IOException {
        Path stub = Files.createDirectories(directory.resolve("jffi")).resolve("libjffi-1.2.so");
        String machine = Command.run("uname", "-m").orThrow().strip();
        try (InputStream resource =
                ClassLoader.getSystemResourceAsStream("jni/" + machine + "-Linux/" + stub.getFileName())) {
            Files.copy(resource, stub, StandardCopyOption.REPLACE_EXISTING);
        }
        return NestedJvm.of(OneSpawn.class)
                .through(
                        TestTools.command("seccomp-run", "--fail", "memfd_create=EPERM", "--fail", "mkdir=EROFS", "--"))
                .property("java.io.tmpdir", "/nonexistent")
                .property("jffi.boot.library.path", stub.getParent().toString());
    }

    private NestedJvm nested(String rule) {
        return NestedJvm.of(OneSpawn.class)
                .through(TestTools.command("seccomp-run", "--fail", rule, "--"))
                .property("java.io.tmpdir", directory.toString());
    }

    private static List<String> coreMappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd:spawn4j") || line.contains("libspawn4j.so"))
                    .toList();
        }
    }
}
