// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redirects of every kind lead where ProcessBuilder's do. */
class RedirectParityTest {
    private static final Recipe BOTH_STREAMS = Recipe.shell("printf output; printf er >&2; printf put");

    @TempDir
    Path directory;

    /** Prints through inherited streams, with both builders. */
    public static final class Inheriting {
        private Inheriting() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            String script = "read line; echo \"$1 got $line\"; echo \"$1 error\" >&2";
            assertThat(new SpawnBuilder("sh", "-c", script, "sh", "ours")
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(new ProcessBuilder("sh", "-c", script, "sh", "theirs")
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    @Test
    void inheritedStreamsAreTheJvms() throws Exception {
        try (NestedJvm.Running jvm = NestedJvm.of(Inheriting.class).start()) {
            // One byte at a time, as read does from what is no file: each child takes its line.
            jvm.process().getOutputStream().write("one\ntwo\n".getBytes("US-ASCII"));
            jvm.process().getOutputStream().flush();
            assertThat(jvm.await().orThrow())
                    .contains("ours got one\n", "ours error\n", "theirs got two\n", "theirs error\n");
        }
    }

    @Test
    void toFilesAndAppended() throws Exception {
        Path out = Files.writeString(directory.resolve("out"), "much longer than what is written now");
        Path err = Files.writeString(directory.resolve("err"), "before ");
        BOTH_STREAMS
                .output(Redirect.to(out.toFile()))
                .error(Redirect.appendTo(err.toFile()))
                .sameOnBoth((process, notes) -> {
                    notes.step("end", process::waitFor);
                    notes.step("out", () -> Files.readString(out));
                    notes.step("null stream", () -> process.getInputStream().read());
                });
        assertThat(Files.readString(err)).isEqualTo("before erer");
    }

    @Test
    void filesAreMadeWithTheUsualMode() throws Exception {
        Path theirs = directory.resolve("theirs");
        Path ours = directory.resolve("ours");
        Recipe.of("true")
                .output(Redirect.to(theirs.toFile()))
                .startWithProcessBuilder()
                .waitFor();
        Recipe.of("true").output(Redirect.to(ours.toFile())).start().waitFor();
        assertThat(Files.getPosixFilePermissions(ours)).isEqualTo(Files.getPosixFilePermissions(theirs));
    }

    @Test
    void bothStreamsToOneFile() throws Exception {
        File file = directory.resolve("both").toFile();
        List<String> seen = BOTH_STREAMS
                .output(Redirect.to(file))
                .error(Redirect.to(file))
                .sameOnBoth((process, notes) -> {
                    process.waitFor();
                    notes.step("file", () -> Files.readString(file.toPath()));
                });
        // Each stream has a position of its own, and writes over the other's bytes.
        assertThat(seen).containsExactly("file: ertputput");
        Files.delete(file.toPath());
        seen = BOTH_STREAMS
                .output(Redirect.appendTo(file))
                .error(Redirect.appendTo(file))
                .sameOnBoth((process, notes) -> {
                    process.waitFor();
                    notes.step("file", () -> Files.readString(file.toPath()));
                    Files.delete(file.toPath());
                });
        assertThat(seen).containsExactly("file: outputerput");
    }

    @Test
    void mergedStreamsKeepTheirOrder() throws Exception {
        assertThat(Recipe.shell("printf output; printf er >&2; printf put")
                        .mergeError()
                        .sameOnBoth((process, notes) -> {
                            notes.step("out", () -> Recipe.text(process.getInputStream()));
                            notes.step("err", () -> process.getErrorStream().read());
                        }))
                .containsExactly("out: outputerput", "err: -1");
        Path file = directory.resolve("merged");
        assertThat(Recipe.shell("printf output; printf er >&2; printf put")
                        .mergeError()
                        .output(Redirect.to(file.toFile()))
                        .sameOnBoth((process, notes) -> {
                            process.waitFor();
                            notes.step("file", () -> Files.readString(file));
                        }))
                .containsExactly("file: outputerput");
        // ProcessBuilder makes the file, and leaves it empty.
        Path unused = directory.resolve("unused");
        Recipe.of("true")
                .mergeError()
                .error(Redirect.to(unused.toFile()))
                .start()
                .waitFor();
        assertThat(unused).doesNotExist();
    }

    @Test
    void fromAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("input"), "from here");
        assertThat(Recipe.of("cat").input(Redirect.from(file.toFile())).sameOnBoth((process, notes) -> {
                    notes.step("out", () -> Recipe.text(process.getInputStream()));
                    notes.step("write", () -> {
                        process.getOutputStream().write(1);
                        process.getOutputStream().flush();
                        return "written";
                    });
                }))
                .containsExactly("out: from here", "write: IOException");
    }

    @Test
    void whatCannotBeOpenedFailsTheStart() throws Exception {
        Recipe.of("true").start().waitFor();
        LeakCheck leaks = LeakCheck.begin();
        File missing = directory.resolve("missing").toFile();
        File below = directory.resolve("no/such").toFile();
        File folder = directory.toFile();
        for (Recipe recipe : List.of(
                Recipe.of("true").input(Redirect.from(missing)),
                Recipe.of("true").input(Redirect.from(folder)),
                Recipe.of("true").output(Redirect.to(folder)),
                Recipe.of("true").output(Redirect.to(below)),
                Recipe.of("true")
                        .output(Redirect.to(directory.resolve("made").toFile()))
                        .error(Redirect.appendTo(below)))) {
            IOException theirs = failure(recipe);
            assertThat(theirs).hasMessageStartingWith("Cannot run program \"true\": ");
            assertThatThrownBy(recipe::start)
                    .isInstanceOfSatisfying(
                            SpawnException.class, e -> assertThat(e.stage()).isEqualTo(SpawnStage.REDIRECT))
                    .hasMessageStartingWith("Cannot run program \"true\": ");
        }
        leaks.assertClean();
    }

    @Test
    void openingAFifoBlocksItsOwnCallerOnly() throws Exception {
        Path fifo = directory.resolve("fifo");
        Command.run("mkfifo", fifo.toString()).orThrow();
        CompletableFuture<ChildProcess> reader = start(Recipe.of("cat").input(Redirect.from(fifo.toFile())));
        for (int i = 0; i < 20; i++) {
            assertThat(Recipe.of("true").start().waitFor()).isZero();
        }
        assertThat(reader).isNotDone();
        ChildProcess writer = start(Recipe.of("echo", "through the fifo").output(Redirect.to(fifo.toFile())))
                .get(60, TimeUnit.SECONDS);
        assertThat(Recipe.text(reader.get(60, TimeUnit.SECONDS).getInputStream()))
                .isEqualTo("through the fifo\n");
        assertThat(writer.waitFor()).isZero();
    }

    private static CompletableFuture<ChildProcess> start(Recipe recipe) {
        CompletableFuture<ChildProcess> started = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                started.complete(recipe.start());
            } catch (IOException e) {
                started.completeExceptionally(e);
            }
        });
        thread.start();
        return started;
    }

    private static IOException failure(Recipe recipe) {
        try {
            recipe.startWithProcessBuilder();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("ProcessBuilder starts it");
    }
}
