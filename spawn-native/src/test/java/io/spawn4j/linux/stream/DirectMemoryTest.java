// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JVM with little direct memory, or none left. */
@Tag(NestedSuite.MAIN_ONLY) // it brings its own mode without pidfds, and nothing else matters to it
class DirectMemoryTest {
    private static final String LIMIT = "-XX:MaxDirectMemorySize=16m";
    /** What the library reads a pipe with. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int LESS_THAN_A_STATUS = 64;

    private static final Pattern SAID =
            Pattern.compile("(status |early |late )?Exited\\[code=\\d+]|(exit|readers|ends) \\d+|said .*");

    private static void takeAll(int piece, List<ByteBuffer> taken) {
        try {
            while (true) {
                taken.add(ByteBuffer.allocateDirect(piece));
            }
        } catch (OutOfMemoryError full) {
            System.out.println("taken");
        }
    }

    /** A child ends, with output, while no buffer can be had to read it with. */
    public static final class NoBuffer {
        private NoBuffer() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            // Leaves a buffer for exit statuses behind, and none for output.
            new SpawnBuilder(TestTools.command("tiny", "3"))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
            ChildProcess child = new SpawnBuilder("sh", "-c", "echo last words; read line; exit 7").start();
            List<ByteBuffer> taken = new ArrayList<>();
            takeAll(BUFFER_BYTES, taken);
            child.getOutputStream().close();
            System.out.println("status " + child.onExitStatus().get(20, TimeUnit.SECONDS));
            System.out.println("exit " + child.waitFor());
            Reference.reachabilityFence(taken);
            taken.clear();
            System.out.println(
                    "said " + new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void statusIsToldThoughThereIsNoMemoryToReadTheOutputWith() {
        assertNoBuffer(List.of());
    }

    @Test
    @RequiresNativeEngine
    void statusIsToldThoughThereIsNoMemoryToReadTheOutputWithWithoutPidfds() {
        assertNoBuffer(withoutPidfds());
    }

    private static void assertNoBuffer(List<String> launcher) {
        assertThat(linesOf(NestedJvm.of(NoBuffer.class).through(launcher).option(LIMIT)))
                .containsExactly("status Exited[code=7]", "exit 7", "said last words");
    }

    /** A child ends while not even its status can be read; later there is memory again. */
    public static final class NothingAtAll {
        private NothingAtAll() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            ChildProcess child = new SpawnBuilder("sh", "-c", "read line; exit 7").start();
            ChildProcess other = new SpawnBuilder("sh", "-c", "read line; exit 8").start();
            List<ByteBuffer> taken = new ArrayList<>();
            takeAll(BUFFER_BYTES, taken);
            takeAll(LESS_THAN_A_STATUS, taken);
            child.getOutputStream().close();
            other.getOutputStream().close();
            String when = isTold(child) ? "early " : "late ";
            Reference.reachabilityFence(taken);
            taken.clear();
            System.out.println(when + child.onExitStatus().get(20, TimeUnit.SECONDS));
            System.out.println(other.onExitStatus().get(20, TimeUnit.SECONDS));
        }

        private static boolean isTold(ChildProcess child) throws InterruptedException, ExecutionException {
            try {
                child.onExitStatus().get(1, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            }
        }
    }

    @Test
    void statusIsNotLostThoughThereWasNoMemoryToReadItWith() {
        assertThat(linesOf(NestedJvm.of(NothingAtAll.class).option(LIMIT)))
                .containsExactly("late Exited[code=7]", "Exited[code=8]");
    }

    @Test
    @RequiresNativeEngine
    void statusIsNotLostThoughThereWasNoMemoryToReadItWithWithoutPidfds() {
        assertThat(linesOf(NestedJvm.of(NothingAtAll.class)
                        .through(withoutPidfds())
                        .option(LIMIT)))
                .containsExactly("late Exited[code=7]", "Exited[code=8]");
    }

    /** Many threads wait for the output of a child each. */
    public static final class Readers {
        // One buffer each would be more than the limit.
        private static final int COUNT = 300;

        private Readers() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            List<ChildProcess> children = new ArrayList<>();
            List<Thread> readers = new ArrayList<>();
            AtomicInteger ends = new AtomicInteger();
            for (int i = 0; i < COUNT; i++) {
                ChildProcess child = new SpawnBuilder("cat").start();
                children.add(child);
                Thread reader = new Thread(() -> readToTheEnd(child, ends));
                reader.setDaemon(true);
                reader.start();
                readers.add(reader);
            }
            await().until(() -> readers.stream().allMatch(reader -> sleeps(reader) || !reader.isAlive()));
            System.out.println(
                    "readers " + readers.stream().filter(Thread::isAlive).count());
            for (ChildProcess child : children) {
                child.getOutputStream().close();
            }
            for (Thread reader : readers) {
                reader.join(20_000);
            }
            System.out.println("ends " + ends);
        }

        private static boolean sleeps(Thread thread) {
            return thread.getState() == Thread.State.WAITING;
        }

        private static void readToTheEnd(ChildProcess child, AtomicInteger ends) {
            try {
                if (child.getInputStream().read() < 0) {
                    ends.incrementAndGet();
                }
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @Test
    void blockedReadersHoldNoBuffers() {
        assertThat(linesOf(NestedJvm.of(Readers.class).option(LIMIT).option("-Xss256k")))
                .containsExactly("readers 300", "ends 300");
    }

    private static List<String> withoutPidfds() {
        return TestTools.command(
                "seccomp-run", "--fail", "pidfd_send_signal=ENOSYS", "--fail", "pidfd_open=ENOSYS", "--");
    }

    private static Stream<String> linesOf(NestedJvm jvm) {
        // The library's warnings and what the JVM says of threads that ended by an error do not count, be it on the
        // same line.
        return jvm.run()
                .orThrow()
                .lines()
                .map(SAID::matcher)
                .filter(Matcher::find)
                .map(Matcher::group);
    }
}
