// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Signals rain on one kind of thread, with a handler that makes system calls end with EINTR, while children come and
 * go.
 */
class SignalStormTest {
    private static final String CALLER = "storm-caller";
    private static final long MANY = 200;
    private static final byte[] WORD = "through the storm".getBytes(StandardCharsets.US_ASCII);

    @BeforeEach
    void threadsOfTheLibraryAreThere() throws Exception {
        new SpawnBuilder("true").start().waitFor();
    }

    @Test
    @DisplayName("F16: EINTR on the event thread")
    void onTheEventThread() throws Exception {
        churnWithStormOn("spawn4j-events");
    }

    @Test
    @RequiresNativeEngine
    @DisplayName("F16: signals for the spawner thread")
    void onTheSpawnerThread() throws Exception {
        churnWithStormOn("spawn4j-spawner");
    }

    @Test
    @DisplayName("F16: EINTR on the thread that starts, writes, reads and waits")
    void onTheCaller() throws Exception {
        churnWithStormOn(CALLER);
    }

    private static void churnWithStormOn(String thread) throws Exception {
        LeakCheck leaks = LeakCheck.begin();
        CompletableFuture<Void> churn = new CompletableFuture<>();
        CountDownLatch storm = new CountDownLatch(1);
        Thread caller = new Thread(
                () -> {
                    try {
                        storm.await();
                        churn();
                        churn.complete(null);
                    } catch (Throwable e) {
                        churn.completeExceptionally(e);
                    }
                },
                CALLER);
        caller.start();
        await().until(() -> churn.isDone()
                || !ProcFs.threadsNamed(thread.substring(0, Math.min(15, thread.length())))
                        .isEmpty());
        TestTools.ok(TestTools.natives().stormStart(thread, 100));
        storm.countDown();
        long signals;
        try {
            churn.get(120, TimeUnit.SECONDS);
        } finally {
            signals = TestTools.ok(TestTools.natives().stormStop());
        }
        caller.join();
        assertThat(signals).isGreaterThanOrEqualTo(MANY);
        leaks.assertClean();
    }

    private static void churn() throws Exception {
        // Until enough signals have come, too: on a busy machine the storm is slow.
        for (int i = 0; i < Scale.of(150) || TestTools.natives().stormCount() < MANY; i++) {
            ChildProcess child = new SpawnBuilder("sh", "-c", "cat; sleep 0.002; exit 5").start();
            child.getOutputStream().write(WORD);
            child.getOutputStream().close();
            CompletableFuture<Integer> end = child.onExitStatus().thenApply(status -> status.toExitValue());
            assertThat(child.getInputStream().readAllBytes()).isEqualTo(WORD);
            assertThat(i % 2 == 0 ? child.waitFor() : end.get(60, TimeUnit.SECONDS))
                    .isEqualTo(5);
        }
    }
}
