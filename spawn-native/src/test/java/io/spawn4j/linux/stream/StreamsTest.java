// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.child.Recipe;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.Scale;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every byte arrives, once and in order. */
class StreamsTest {
    private static final int THREADS = 4;
    private static final int ECHOES = 100_000;
    private static final int ECHOES_NESTED = 3_000;
    private static final int MEBIBYTE = 1 << 20;

    @Test
    @DisplayName("F21: a child that ends at once loses none of its output")
    void quickChildrenLoseNoOutput() throws Exception {
        new SpawnBuilder("true").start().waitFor();
        LeakCheck leaks = LeakCheck.begin();
        int echoes = Scale.of(ECHOES, ECHOES_NESTED);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Void>> echoing = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                echoing.add(threads.submit(() -> {
                    for (int i = first; i < echoes; i += THREADS) {
                        echo(i);
                    }
                    return null;
                }));
            }
            for (Future<Void> echo : echoing) {
                echo.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        // Callers at the same time leave request slots behind, which are pooled: two sockets each.
        leaks.ignoring("socket:.*").assertClean();
    }

    private static void echo(int number) throws Exception {
        String word = "word " + number;
        ChildProcess child = new SpawnBuilder("sh", "-c", "echo \"$0\"; echo \"$0\" >&2; exit 3", word).start();
        if (number % 3 == 0) {
            assertThat(child.waitFor()).isEqualTo(3);
        } else if (number % 3 == 1) {
            child.onExit().get(60, TimeUnit.SECONDS);
        }
        assertThat(Recipe.text(child.getInputStream())).isEqualTo(word + "\n");
        assertThat(Recipe.text(child.getErrorStream())).isEqualTo(word + "\n");
        assertThat(child.waitFor()).isEqualTo(3);
    }

    @Test
    void largeTransfersBothWaysArrive() throws Exception {
        long bytes = (long) Math.max(4, Scale.of(128)) * MEBIBYTE;
        ChildProcess child = new SpawnBuilder("cat").start();
        Thread writer = new Thread(() -> write(child, bytes));
        writer.start();
        Random expected = new Random(7);
        byte[] expectedBlock = new byte[MEBIBYTE];
        InputStream stdout = child.getInputStream();
        for (long at = 0; at < bytes; at += MEBIBYTE) {
            expected.nextBytes(expectedBlock);
            assertThat(stdout.readNBytes(MEBIBYTE)).isEqualTo(expectedBlock);
        }
        assertThat(stdout.read()).isEqualTo(-1);
        assertThat(child.waitFor()).isZero();
        writer.join();
    }

    private static void write(ChildProcess child, long bytes) {
        Random content = new Random(7);
        Random sizes = new Random(8);
        byte[] block = new byte[MEBIBYTE];
        try (OutputStream stdin = child.getOutputStream()) {
            for (long at = 0; at < bytes; at += MEBIBYTE) {
                content.nextBytes(block);
                for (int from = 0; from < block.length; ) {
                    int length = Math.min(block.length - from, 1 + sizes.nextInt(200_000));
                    stdin.write(block, from, length);
                    from += length;
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void smallWritesArriveAtAFlush() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        OutputStream stdin = child.getOutputStream();
        for (int i = 0; i < 3; i++) {
            stdin.write('a');
            stdin.write(new byte[] {'b', 'c', 'd'}, 1, 2);
            stdin.write(new byte[0]);
            assertThat(child.getInputStream().available()).isZero();
            stdin.flush();
            assertThat(child.getInputStream().readNBytes(3)).isEqualTo("acd".getBytes(StandardCharsets.US_ASCII));
        }
        stdin.write("unflushed".getBytes(StandardCharsets.US_ASCII));
        stdin.close();
        assertThat(Recipe.text(child.getInputStream())).isEqualTo("unflushed");
    }

    @Test
    void severalReadersShareTheBytes() throws Exception {
        int bytes = 4 * MEBIBYTE;
        ChildProcess child = new SpawnBuilder("head", "-c", Integer.toString(bytes), "/dev/zero").start();
        AtomicLong total = new AtomicLong();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread reader = new Thread(() -> {
                try {
                    total.addAndGet(child.getInputStream().transferTo(OutputStream.nullOutputStream()));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            readers.add(reader);
            reader.start();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(total).hasValue(bytes);
        assertThat(child.waitFor()).isZero();
    }

    @Test
    void whatIsLeftInThePipeStaysReadable() throws Exception {
        ChildProcess child = new SpawnBuilder("seq", "1", "1500").start();
        assertThat(child.waitFor()).isZero();
        List<String> lines =
                child.inputReader(StandardCharsets.US_ASCII).lines().toList();
        assertThat(lines).hasSize(1500).startsWith("1", "2").endsWith("1500");
    }

    @Test
    void writingToAChildThatClosedItsStdinIsABrokenPipe() throws Exception {
        ChildProcess child = new SpawnBuilder("sh", "-c", "exec <&-; echo closed; exec sleep 60 >&- 2>&-").start();
        assertThat(child.inputReader(StandardCharsets.US_ASCII).readLine()).isEqualTo("closed");
        OutputStream stdin = child.getOutputStream();
        assertThatThrownBy(() -> {
                    stdin.write(new byte[100_000]);
                    stdin.flush();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Broken pipe");
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
    }
}
