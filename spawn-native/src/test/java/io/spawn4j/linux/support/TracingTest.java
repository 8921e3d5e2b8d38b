// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads of this JVM that stand still, and whose system calls fail. */
class TracingTest {
    private static final int EMFILE = 24;

    private final BlockingQueue<IntSupplier> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> results = new LinkedBlockingQueue<>();
    private int id;
    private Thread thread;

    @BeforeEach
    void startThread() throws InterruptedException {
        thread = new Thread(this::work);
        thread.start();
        calls.add(() -> TestTools.natives().threadHere());
        id = results.take();
    }

    @AfterEach
    void endThread() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Test
    void frozenThreadStandsUntilLetGo() throws InterruptedException {
        try (Freeze frozen = Freeze.thread(id)) {
            assertThat(frozen.pid()).isPositive();
            calls.add(() -> 1);
            assertThat(threadState()).isEqualTo("t");
            assertThat(results.poll()).isNull();
        }
        assertThat(results.take()).isEqualTo(1);
    }

    @Test
    void chosenCallFailsOnce() throws InterruptedException {
        try (FaultInjection fault = FaultInjection.after(id, "fcntl@1=0=EMFILE", 1, 1)) {
            assertThat(dup()).isGreaterThanOrEqualTo(100);
            assertThat(dup()).isEqualTo(-EMFILE);
            assertThat(dup()).isGreaterThanOrEqualTo(100);
            await().until(() -> fault.injected() == 1);
        }
        assertThat(dup()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void everyCallFailsUntilClosed() throws InterruptedException {
        try (FaultInjection fault = FaultInjection.always(id, "fcntl@1=0=EMFILE")) {
            assertThat(dup()).isEqualTo(-EMFILE);
            assertThat(dup()).isEqualTo(-EMFILE);
            await().until(() -> fault.injected() == 2);
        }
        assertThat(dup()).isGreaterThanOrEqualTo(100);
    }

    private int dup() throws InterruptedException {
        calls.add(() -> TestTools.natives().dupAbove(0, 100));
        int copy = results.take();
        if (copy >= 0) {
            TestTools.ok(TestTools.natives().close(copy));
        }
        return copy;
    }

    private String threadState() {
        return ProcFs.threadState(id).orElseThrow();
    }

    private void work() {
        try {
            for (; ; ) {
                results.add(calls.take().getAsInt());
            }
        } catch (InterruptedException told) {
            // The test is over.
        }
    }
}
