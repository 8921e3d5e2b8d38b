// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.TestTools;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM whose own stdin, stdout or stderr are closed. */
class ClosedStandardStreamsTest {
    @TempDir
    Path directory;

    /** Started without streams, as a careless daemon is: the JVM's first files get the numbers. Writes to a file. */
    public static final class Daemon {
        private Daemon() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(arguments[0])), true)) {
                ChildProcess child = new SpawnBuilder("cat").start();
                child.getOutputStream().write("through a pipe".getBytes(StandardCharsets.UTF_8));
                child.getOutputStream().close();
                out.println("cat: " + output(child) + " exit " + child.waitFor());
                ChildProcess lister = new SpawnBuilder(TestTools.path("fdlist")).start();
                out.println(output(lister));
                ChildProcess heir = new SpawnBuilder(TestTools.path("tiny"), "5")
                        .inheritIO()
                        .start();
                out.println("heir exit " + heir.waitFor());
            }
        }
    }

    /** Closes its stdin and stderr behind the JDK's back, and lets a child inherit them. */
    public static final class Closer {
        private Closer() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            new SpawnBuilder(TestTools.path("tiny")).start().waitFor();
            SpawnBuilder builder = new SpawnBuilder(TestTools.path("fdlist"))
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT);
            TestTools.ok(TestTools.natives().close(0));
            TestTools.ok(TestTools.natives().close(2));
            ChildProcess child = builder.start();
            System.out.println(output(child) + "exit " + child.waitFor());
        }
    }

    @Test
    void daemonWithoutStreamsSpawns() throws Exception {
        Path file = directory.resolve("out");
        NestedJvm.of(Daemon.class, file.toString())
                .through("sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh")
                .run()
                .orThrow();
        assertThat(Files.readString(file))
                .contains("cat: through a pipe exit 0\n", "heir exit 5\n")
                .containsPattern("\n?0 -> pipe:\\S+ .*\n1 -> pipe:\\S+ .*\n2 -> pipe:\\S+ .*\n\n");
    }

    @Test
    void closedStreamIsInheritedClosed() {
        String output = NestedJvm.of(Closer.class).run().orThrow();
        assertThat(output.lines().filter(line -> !line.contains("WARN")))
                .hasSize(2)
                .last()
                .isEqualTo("exit 0");
        assertThat(output).containsPattern("(?m)^1 -> pipe:\\S+ flags 0000001 cloexec 0$");
    }

    private static String output(ChildProcess child) throws Exception {
        return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
