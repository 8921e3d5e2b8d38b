// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One attempt at a time, on a thread of its own; success is kept, failure is told and forgotten. */
class DoorTest {
    private static final int CALLERS = 8;

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void successIsKept() throws StartFailure {
        Door<String> door = door(() -> "up " + attempts.incrementAndGet());
        assertThat(door.ifOpen()).isNull();
        assertThat(door.open()).isEqualTo("up 1");
        assertThat(door.open()).isEqualTo("up 1");
        assertThat(door.ifOpen()).isEqualTo("up 1");
    }

    @Test
    void whatIsForgottenComesUpAnew() throws StartFailure {
        Door<String> door = door(() -> "up " + attempts.incrementAndGet());
        door.open();
        door.forget();
        assertThat(door.ifOpen()).isNull();
        assertThat(door.open()).isEqualTo("up 2");
    }

    @Test
    @DisplayName(
            "F32: an interrupted caller gets what comes up, on a thread that is not interrupted, and stays interrupted")
    void interruptIsKept() throws StartFailure {
        Door<Boolean> door = door(() -> Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        assertThat(door.open()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void stepsHaveAThreadOfTheirOwn() throws StartFailure {
        Thread thread = door(Thread::currentThread).open();
        assertThat(thread).isNotSameAs(Thread.currentThread());
        assertThat(thread.getName()).isEqualTo("door-test");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isSameAs(Door.class.getClassLoader());
    }

    @Test
    void whoComesMeanwhileGetsTheSame() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Door<String> door = door(() -> {
            await(mayEnd);
            return "up " + attempts.incrementAndGet();
        });
        List<FutureTask<String>> callers = call(door);
        mayEnd.countDown();
        for (FutureTask<String> caller : callers) {
            assertThat(caller.get(1, TimeUnit.MINUTES)).isEqualTo("up 1");
        }
    }

    @Test
    @DisplayName("F32: a failure is told to all who waited for it, and the next call tries again")
    void failureIsToldAndForgotten() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Door<String> door = door(() -> {
            await(mayEnd);
            if (attempts.incrementAndGet() == 1) {
                throw new StartFailure("epoll_create1", Errno.EMFILE);
            }
            return "up";
        });
        List<FutureTask<String>> callers = call(door);
        mayEnd.countDown();
        Set<String> told = new TreeSet<>();
        for (FutureTask<String> caller : callers) {
            told.add(caller.get(1, TimeUnit.MINUTES));
        }
        // Who came late made the second attempt.
        assertThat(told)
                .contains("failed: epoll_create1: EMFILE (Too many open files) EMFILE")
                .isSubsetOf("up", "failed: epoll_create1: EMFILE (Too many open files) EMFILE");
        assertThat(door.open()).isEqualTo("up");
        assertThat(attempts).hasValue(2);
    }

    /** Returns when the first of them is inside, or waits for it. */
    private static List<FutureTask<String>> call(Door<String> door) throws InterruptedException {
        List<FutureTask<String>> callers = new ArrayList<>();
        CountDownLatch called = new CountDownLatch(1);
        for (int i = 0; i < CALLERS; i++) {
            FutureTask<String> caller = new FutureTask<>(() -> {
                called.countDown();
                try {
                    return door.open();
                } catch (StartFailure e) {
                    return "failed: " + e.getMessage() + " " + Errno.name(e.errno());
                }
            });
            callers.add(caller);
            new Thread(caller, "caller").start();
            called.await();
        }
        return callers;
    }

    private static Stream<Arguments> throwables() {
        SecurityException refusal = new SecurityException("access denied (a permission)");
        return Stream.of(
                Arguments.of(
                        new OutOfMemoryError("unable to create native thread: possibly ..."),
                        Errno.EAGAIN,
                        "no thread can be made: unable to create native thread"),
                Arguments.of(new OutOfMemoryError("Java heap space"), Errno.ENOMEM, "out of memory: Java heap space"),
                Arguments.of(refusal, 0, "the security manager refuses .* access denied \\(a permission\\)"),
                Arguments.of(
                        new ExceptionInInitializerError(refusal),
                        0,
                        "the security manager refuses .* access denied \\(a permission\\)"),
                Arguments.of(
                        new NoClassDefFoundError("com/kenai/jffi/Foreign"),
                        0,
                        "the engine cannot be started here: java.lang.NoClassDefFoundError: com/kenai/jffi/Foreign"),
                Arguments.of(
                        new ExceptionInInitializerError(new IllegalStateException("the reason")),
                        0,
                        "the engine cannot be started here: java.lang.IllegalStateException: the reason"),
                Arguments.of(
                        new StackOverflowError(),
                        0,
                        "the engine cannot be started here: java.lang.StackOverflowError"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("F33: whatever is thrown becomes a failure with a sentence, and the next call tries again")
    void everyThrowableIsAFailure(Throwable thrown, int errno, String sentence) throws StartFailure {
        Door<String> door = door(() -> {
            if (attempts.incrementAndGet() == 1) {
                throw DoorTest.<RuntimeException>sneaky(thrown);
            }
            return "up";
        });
        StartFailure failure = catchThrowableOfType(StartFailure.class, door::open);
        assertThat(failure.errno()).isEqualTo(errno);
        assertThat(failure.getMessage()).matches(sentence + ".*");
        assertThat(door.open()).isEqualTo("up");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <E> Door<E> door(Door.Steps<E> steps) {
        return new Door<>("door-test", steps);
    }
}
