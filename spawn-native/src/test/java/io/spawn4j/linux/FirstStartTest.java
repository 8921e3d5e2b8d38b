// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedSuite;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first start of a JVM comes on a thread as it is. */
@Tag(NestedSuite.MAIN_ONLY)
class FirstStartTest {
    /** Starts a child on an interrupted thread, and one on another. */
    public static final class Interrupted {
        private Interrupted() {}

        /** Runs it. */
        public static void main(String[] arguments) throws InterruptedException {
            Thread.currentThread().interrupt();
            say("first", start());
            say("still interrupted", Thread.interrupted());
            Thread other = new Thread(() -> say("on another thread", start()));
            other.start();
            other.join();
        }
    }

    /** Is interrupted again and again from before its first start until after it. */
    public static final class InterruptedMeanwhile {
        private InterruptedMeanwhile() {}

        /** Runs it. */
        public static void main(String[] arguments) throws InterruptedException {
            Thread main = Thread.currentThread();
            CountDownLatch begun = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            Thread interrupter = new Thread(() -> {
                while (!done.get()) {
                    main.interrupt();
                    begun.countDown();
                    Thread.onSpinWait();
                }
            });
            interrupter.start();
            while (begun.getCount() > 0) {
                Thread.onSpinWait();
            }
            String first = start();
            boolean still = main.isInterrupted();
            done.set(true);
            while (interrupter.isAlive()) {
                Thread.onSpinWait();
            }
            say("first", first);
            say("still interrupted", still);
            say("interrupted after all", Thread.interrupted());
            say("second", start());
        }
    }

    /** Starts its first child on a small stack. */
    public static final class SmallStack {
        private static final int BYTES = 64 << 10;

        private SmallStack() {}

        /** Runs it. */
        public static void main(String[] arguments) throws InterruptedException {
            Thread small = new Thread(null, () -> say("first", start()), "small", BYTES);
            small.start();
            small.join();
            say("second", start());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F32: the first start is on an interrupted thread: it starts, and the interrupt stays set")
    void startsOnAnInterruptedThread(String engine) {
        assertThat(said(Interrupted.class, engine))
                .containsExactly("first: " + STARTED, "still interrupted: true", "on another thread: " + STARTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F32: interrupts that come while the engine comes up do no harm, and are not lost")
    void staysInterruptedWhileTheEngineComesUp(String engine) {
        Iterable<String> said = said(InterruptedMeanwhile.class, engine);
        // A start that takes longer than two milliseconds may be interrupted: the child's, not the engine's.
        assertThat(said).first().asString().matches("first: (" + STARTED + "|SpawnException .* \\(EINTR, .*)");
        assertThat(said)
                .containsSequence("still interrupted: true", "interrupted after all: true", "second: " + STARTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F33: the first start is on a thread with a stack of 64 KiB")
    void startsOnASmallStack(String engine) {
        assertThat(said(SmallStack.class, engine)).containsExactly("first: " + STARTED, "second: " + STARTED);
    }

    private static Iterable<String> said(Class<?> main, String engine) {
        return Jars.jvm(main)
                .property("io.spawn4j.engine", engine)
                .run()
                .orThrow()
                .lines()
                .toList();
    }
}
