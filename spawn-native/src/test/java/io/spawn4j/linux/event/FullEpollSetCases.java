// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.Freeze;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Run by {@link FullEpollSetTest}, which reads the log. */
class FullEpollSetCases {
    /** fs.epoll.max_user_watches reached, and no memory. */
    static final List<String> ERRNOS = List.of("ENOSPC", "ENOMEM");

    /** How many cases below. */
    static final int WAYS = 3;

    private static final int SIGKILL = 9;
    private static final String EVENT_THREAD = "spawn4j-events";
    private static final ExitStatus ENDED = new ExitStatus.Exited(0);

    private LeakCheck leaks;

    @BeforeEach
    void warmUp() throws Exception {
        ChildProcess child = start();
        CompletableFuture<ExitStatus> end = child.onExitStatus();
        letEnd(child);
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ENDED);
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void nothingIsLeft() {
        leaks.assertClean();
    }

    @ParameterizedTest
    @FieldSource("ERRNOS")
    void eventThreadCannotAddIt(String errno) throws Exception {
        int events = ProcFs.threadsNamed(EVENT_THREAD).get(0);
        ChildProcess child;
        try (FaultInjection injection = additionFails(events, errno)) {
            child = start();
            await().until(() -> injection.injected() == 1);
        }
        CompletableFuture<ExitStatus> end = child.onExitStatus();
        letEnd(child);
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ENDED);
        assertThat(child.waitFor()).isZero();
    }

    // The event thread would add it after some milliseconds by itself.
    @ParameterizedTest
    @FieldSource("ERRNOS")
    void callerCannotAddIt(String errno) throws Exception {
        ChildProcess child;
        CompletableFuture<ExitStatus> end;
        Freeze frozen = Freeze.thread(ProcFs.threadsNamed(EVENT_THREAD).get(0));
        try (frozen;
                FaultInjection injection = additionFails(TestTools.natives().threadHere(), errno)) {
            child = start();
            end = child.onExitStatus();
            await().until(() -> injection.injected() == 1);
        }
        letEnd(child);
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ENDED);
        assertThat(child.waitFor()).isZero();
    }

    @ParameterizedTest
    @FieldSource("ERRNOS")
    void waitingThreadCannotPutItBack(String errno) throws Exception {
        ChildProcess child = start();
        CompletableFuture<ExitStatus> end = child.onExitStatus();
        try (FaultInjection injection = additionFails(TestTools.natives().threadHere(), errno)) {
            assertThat(child.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
            await().until(() -> injection.injected() == 1);
        }
        letEnd(child);
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ENDED);
        assertThat(child.exitStatus()).isEqualTo(ENDED);
    }

    // A grandchild holds stdout and stderr, which nobody reads or closes: their descriptors go with it.
    @ParameterizedTest
    @FieldSource("ERRNOS")
    void lastWriterCannotBeWatched(String errno) throws Exception {
        int events = ProcFs.threadsNamed(EVENT_THREAD).get(0);
        ChildProcess child = new SpawnBuilder("sh", "-c", "sleep 600 & echo $!; read line").start();
        long grandchild = Long.parseLong(child.inputReader().readLine());
        CompletableFuture<ExitStatus> end = child.onExitStatus(); // from here on the event thread watches it
        try (FaultInjection injection = additionsFail(events, errno, 2)) {
            letEnd(child);
            assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(ExitStatus.Exited.class);
            await().until(() -> injection.injected() == 2);
        }
        TestTools.ok(TestTools.natives().kill((int) grandchild, SIGKILL));
        leaks.assertClean();
    }

    /** EPOLL_CTL_ADD fails once. */
    private static FaultInjection additionFails(int thread, String errno) {
        return additionsFail(thread, errno, 1);
    }

    private static FaultInjection additionsFail(int thread, String errno, int times) {
        return FaultInjection.after(thread, "epoll_ctl@1=1=" + errno, 0, times, FaultInjection.Whose.OWN);
    }

    private static ChildProcess start() throws IOException {
        return new SpawnBuilder("cat").start();
    }

    private static void letEnd(ChildProcess child) {
        try {
            child.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
