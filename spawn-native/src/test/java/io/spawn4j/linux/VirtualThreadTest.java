// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.child.Recipe;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.HangFs;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads that start, read, write and wait, all on one carrier, which none of them may hold. */
@Requires(Ability.VIRTUAL_THREADS)
class VirtualThreadTest {
    @TempDir
    Path directory;

    /** A thousand virtual threads with a child each. */
    public static final class Thousand {
        private Thousand() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            new SpawnBuilder("true").start().waitFor();
            List<CompletableFuture<Integer>> ends = new ArrayList<>();
            for (int i = 0; i < Scale.of(1000); i++) {
                String word = "word " + i;
                ends.add(onVirtualThread(() -> converse(word)));
            }
            for (CompletableFuture<Integer> end : ends) {
                assertThat(end.get(100, TimeUnit.SECONDS)).isEqualTo(3);
            }
            System.out.println("all " + ends.size());
        }

        private static int converse(String word) throws Exception {
            ChildProcess child = new SpawnBuilder("sh", "-c", "sleep 0.05; cat; sleep 0.05; exit 3").start();
            child.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            child.getOutputStream().close();
            assertThat(Recipe.text(child.getInputStream())).isEqualTo(word);
            return child.waitFor();
        }
    }

    /** Virtual threads that stay blocked, each in another call, while one more goes on; then all are let go. */
    public static final class Blocking {
        private Blocking() {}

        /** Runs it: {@code FIFO [SLOW-PROGRAM]}. */
        public static void main(String[] arguments) throws Exception {
            new SpawnBuilder("true").start().waitFor();
            ChildProcess silent = new SpawnBuilder("sleep", "100").start();
            CompletableFuture<?> reading =
                    onVirtualThread(() -> silent.getInputStream().read());
            CompletableFuture<?> writing = onVirtualThread(() -> {
                silent.getOutputStream().write(new byte[10_000_000]);
                return "written";
            });
            CompletableFuture<?> waiting = onVirtualThread(silent::waitFor);
            CompletableFuture<?> waitingLong = onVirtualThread(() -> silent.waitFor(100, TimeUnit.SECONDS));
            List<CompletableFuture<?>> blocked = new ArrayList<>(List.of(reading, writing, waiting, waitingLong));
            File fifo = new File(arguments[0]);
            CompletableFuture<?> opening = onVirtualThread(
                    () -> new SpawnBuilder("cat").redirectInput(fifo).start().waitFor());
            blocked.add(opening);
            for (String slow : List.of(arguments).subList(1, arguments.length)) {
                blocked.add(onVirtualThread(() -> new SpawnBuilder(slow).start().waitFor()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(onVirtualThread(() -> Thousand.converse("others run"))
                                .get(60, TimeUnit.SECONDS))
                        .isEqualTo(3);
            }
            assertThat(blocked).noneMatch(CompletableFuture::isDone);
            System.out.println("others ran");
            // The test lets the slow program go at the end of this stream.
            silent.getInputStream().close();
            assertThat(outcome(reading)).isInstanceOf(IOException.class);
            silent.getOutputStream().close();
            assertThat(outcome(writing)).isInstanceOf(IOException.class);
            silent.destroyForcibly();
            assertThat(outcome(waiting)).isEqualTo(137);
            assertThat(outcome(waitingLong)).isEqualTo(true);
            Files.writeString(fifo.toPath(), "through the fifo");
            assertThat(outcome(opening)).isEqualTo(0);
            for (CompletableFuture<?> starting : blocked.subList(5, blocked.size())) {
                assertThat(outcome(starting)).isEqualTo(7);
            }
            System.out.println("all let go");
        }

        private static Object outcome(CompletableFuture<?> future) throws Exception {
            return future.handle((result, failure) -> failure == null ? (Object) result : failure)
                    .get(60, TimeUnit.SECONDS);
        }
    }

    static <T> CompletableFuture<T> onVirtualThread(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable body = () -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        };
        try {
            // These tests are compiled for releases that have no such method.
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return result;
    }

    @Test
    void aThousandOnOneCarrier() {
        Path recording = directory.resolve("recording.jfr");
        String output = onOneCarrier(Thousand.class)
                .option("-XX:StartFlightRecording:filename=" + recording
                        + ",jdk.VirtualThreadPinned#enabled=true,jdk.VirtualThreadPinned#threshold=0ms"
                        + ",jdk.VirtualThreadStart#enabled=true")
                .run()
                .orThrow();
        assertThat(output).contains("all " + Scale.of(1000));
        assertThat(events(recording, "jdk.VirtualThreadStart")).contains("jdk.VirtualThreadStart");
        assertThat(events(recording, "jdk.VirtualThreadPinned")).doesNotContain("jdk.VirtualThreadPinned");
    }

    @Test
    void blockedOnesHoldNoCarrier() {
        String output = onOneCarrier(Blocking.class, fifo()).run().orThrow();
        assertThat(output).contains("others ran", "all let go");
    }

    @Test
    @RequiresNativeEngine
    @Requires(Ability.MOUNT)
    void slowStartHoldsNoCarrier() {
        try (HangFs files = HangFs.mount();
                NestedJvm.Running jvm = onOneCarrier(
                                Blocking.class, fifo(), files.file("exec").toString())
                        .start()) {
            files.awaitHeld("READ", "exec", 1);
            jvm.awaitLine("others ran");
            files.release();
            assertThat(jvm.await().orThrow()).contains("all let go");
        }
    }

    private String fifo() {
        String fifo = directory.resolve("fifo").toString();
        Command.run("mkfifo", fifo).orThrow();
        return fifo;
    }

    private static NestedJvm onOneCarrier(Class<?> main, String... arguments) {
        return NestedJvm.of(main, arguments)
                .option("-Djdk.virtualThreadScheduler.parallelism=1")
                .option("-Djdk.virtualThreadScheduler.maxPoolSize=1");
    }

    private static String events(Path recording, String name) {
        String jfr = Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
        return Command.run(jfr, "print", "--stack-depth", "30", "--events", name, recording.toString())
                .orThrow();
    }
}
