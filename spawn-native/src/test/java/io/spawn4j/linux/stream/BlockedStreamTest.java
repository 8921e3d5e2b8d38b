// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.Scale;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads inside a read or write while others close, destroy and interrupt. */
class BlockedStreamTest {
    private static final byte FROM_CHILD = 'c';
    private static final byte FROM_FILE = 'f';
    private static final byte FROM_PIPE = 'p';

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void threadsOfTheLibraryAreThere() throws Exception {
        new SpawnBuilder("true").start().waitFor();
    }

    @Test
    @DisplayName("F24: a close wakes a blocked reader")
    void closeWakesABlockedReader() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "60").start();
        Blocked reader = new Blocked(() -> child.getInputStream().read());
        child.getInputStream().close();
        assertThat(reader.outcome()).isEqualTo("IOException");
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
    }

    @Test
    @DisplayName("F24: a close leaves a blocked reader of ProcessBuilder's asleep")
    void closeLeavesAReaderOfProcessBuildersAsleep() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Thread reader = new Thread(() -> {
            try {
                process.getInputStream().read();
            } catch (IOException wokenAtLast) {
                return;
            }
        });
        reader.start();
        await().until(() -> Arrays.stream(reader.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("readBytes")
                        || frame.getMethodName().equals("readBytes0")));
        Future<?> closing = threads.submit(() -> {
            process.getInputStream().close();
            return null;
        });
        reader.join(300);
        assertThat(reader.isAlive()).as("ProcessBuilder fails this test").isTrue();
        process.destroyForcibly().waitFor();
        reader.join(60_000);
        closing.get(60, TimeUnit.SECONDS);
        assertThat(reader.isAlive()).isFalse();
    }

    @Test
    void destroyWakesABlockedReaderAndWriter() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "60").start();
        Blocked reader = new Blocked(() -> child.getInputStream().read());
        Blocked errorReader = new Blocked(() -> child.getErrorStream().read());
        Blocked writer = new Blocked(() -> fill(child));
        child.destroy();
        assertThat(writer.outcome()).isEqualTo("IOException");
        // The end of file may come first.
        assertThat(reader.outcome()).isIn("IOException", "-1");
        assertThat(errorReader.outcome()).isIn("IOException", "-1");
        assertThat(child.waitFor()).isEqualTo(143);
    }

    @Test
    void closeWakesAWriterBlockedOnAFullPipe() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "60").start();
        Blocked writer = new Blocked(() -> fill(child));
        child.getOutputStream().close();
        assertThat(writer.outcome()).isEqualTo("IOException");
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
    }

    @Test
    void deathOfTheChildWakesAWriterBlockedOnAFullPipe() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "60").start();
        Blocked writer = new Blocked(() -> fill(child));
        child.toHandle().destroyForcibly();
        assertThat(writer.outcome()).isEqualTo("IOException");
        assertThat(child.waitFor()).isEqualTo(137);
    }

    @Test
    void interruptDoesNotEndARead() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        Blocked reader = new Blocked(
                () -> child.getInputStream().read() + (Thread.currentThread().isInterrupted() ? " interrupted" : ""));
        reader.thread.interrupt();
        // Parked again, with the interrupt noted.
        await().until(() -> reader.thread.getState() == Thread.State.WAITING && !reader.thread.isInterrupted());
        child.getOutputStream().write('x');
        child.getOutputStream().close();
        assertThat(reader.outcome()).isEqualTo("120 interrupted");
        assertThat(child.waitFor()).isZero();
    }

    @Test
    @DisplayName("F24: a storm of closes among readers and writers gives nobody another file's bytes")
    void closeStorm(@TempDir Path directory) throws Exception {
        // The JDK keeps a socket from the first close of a channel on.
        usePipe();
        LeakCheck leaks = LeakCheck.begin();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Future<Integer> files = threads.submit(() -> bystanders(over, () -> useFile(directory.resolve("file"))));
        Future<Integer> pipes = threads.submit(() -> bystanders(over, BlockedStreamTest::usePipe));
        Random random = new Random(24);
        for (int round = 0; round < Scale.of(400); round++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            Future<?> reader = threads.submit(() -> readOnlyOwn(child.getInputStream()));
            Future<?> writer = threads.submit(() -> writeUntilClosed(child.getOutputStream()));
            if (random.nextBoolean()) {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(2000));
            }
            switch (random.nextInt(4)) {
                case 0 -> child.getInputStream().close();
                case 1 -> child.getOutputStream().close();
                case 2 -> child.destroy();
                default -> child.toHandle().destroyForcibly();
            }
            child.destroyForcibly();
            reader.get(60, TimeUnit.SECONDS);
            writer.get(60, TimeUnit.SECONDS);
            child.waitFor();
        }
        over.complete(null);
        assertThat(files.get(60, TimeUnit.SECONDS)).isPositive();
        assertThat(pipes.get(60, TimeUnit.SECONDS)).isPositive();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        leaks.assertClean();
    }

    private static Void readOnlyOwn(InputStream stream) {
        byte[] buffer = new byte[5000];
        try {
            for (int got = stream.read(buffer); got >= 0; got = stream.read(buffer)) {
                assertOnly(FROM_CHILD, buffer, got);
            }
        } catch (IOException closed) {
            assertThat(closed).hasMessage("Stream closed");
        }
        return null;
    }

    private static Void writeUntilClosed(OutputStream stream) {
        byte[] block = new byte[9000];
        Arrays.fill(block, FROM_CHILD);
        try {
            while (true) {
                stream.write(block);
            }
        } catch (IOException closed) {
            assertThat(closed.getMessage()).matches("Stream closed|Broken pipe.*");
        }
        return null;
    }

    private static int bystanders(CompletableFuture<Void> over, Callable<Void> use) throws Exception {
        int count = 0;
        while (!over.isDone()) {
            use.call();
            count++;
        }
        return count;
    }

    private static Void useFile(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            assertThat(file.write(block(FROM_FILE))).isEqualTo(5000);
            ByteBuffer back = ByteBuffer.allocate(6000);
            assertThat(file.read(back, 0)).isEqualTo(5000);
            assertOnly(FROM_FILE, back.array(), 5000);
        }
        return null;
    }

    private static Void usePipe() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
                Pipe.SourceChannel source = pipe.source()) {
            assertThat(sink.write(block(FROM_PIPE))).isEqualTo(5000);
            ByteBuffer back = ByteBuffer.allocate(6000);
            assertThat(source.read(back)).isEqualTo(5000);
            assertOnly(FROM_PIPE, back.array(), 5000);
        }
        return null;
    }

    private static ByteBuffer block(byte content) {
        byte[] block = new byte[5000];
        Arrays.fill(block, content);
        return ByteBuffer.wrap(block);
    }

    private static void assertOnly(byte content, byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != content) {
                throw new AssertionError("byte " + bytes[i] + " at " + i + " among " + (char) content);
            }
        }
    }

    private static String fill(ChildProcess child) throws IOException {
        child.getOutputStream().write(new byte[10_000_000]);
        return "written";
    }

    /** A call on a thread of its own that is known to sleep in it. */
    private static final class Blocked {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        final Thread thread;

        Blocked(Callable<?> call) {
            thread = new Thread(() -> {
                try {
                    result.complete(String.valueOf(call.call()));
                } catch (IOException e) {
                    result.complete("IOException");
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            await().until(() -> result.isDone() || thread.getState() == Thread.State.WAITING);
            assertThat(result).isNotDone();
        }

        String outcome() throws Exception {
            return result.get(60, TimeUnit.SECONDS);
        }
    }
}
