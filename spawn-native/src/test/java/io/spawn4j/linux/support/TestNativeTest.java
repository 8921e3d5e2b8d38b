// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The library misbehaves as asked, and stops. */
class TestNativeTest {
    private static final int ECHILD = 10;
    private static final int EAGAIN = 11;
    private static final int SIGKILL = 9;
    private static final int SIGUSR2 = 12;

    private final TestNative natives = TestTools.natives();

    @Test
    void reaperTakesStatuses() {
        int child = TestTools.ok(natives.forkAndHold(60));
        TestTools.ok(natives.reaperStart());
        try {
            TestTools.ok(natives.kill(child, SIGKILL));
            await().until(() -> natives.reaperStolen() >= 1);
            assertThat(natives.reap(child)).isEqualTo(-ECHILD);
        } finally {
            assertThat(natives.reaperStop()).isPositive();
        }
        assertThat(natives.reaperStop()).isNegative();
    }

    @Test
    void foreignForkHoldsAllDescriptors() {
        int[] ends = new int[2];
        TestTools.ok(natives.pipe(ends));
        int child = TestTools.ok(natives.forkAndHold(60));
        try {
            assertThat(ProcFs.descriptors(child)).containsKeys(ends[0], ends[1]);
            assertThat(natives.reap(child)).isEqualTo(-EAGAIN);
        } finally {
            TestTools.ok(natives.kill(child, SIGKILL));
            await().until(() -> natives.reap(child) == 0);
            TestTools.ok(natives.close(ends[0]));
            TestTools.ok(natives.close(ends[1]));
        }
        assertThat(natives.reap(child)).isEqualTo(-ECHILD);
    }

    @Test
    void leakyThreadStartsPrograms() {
        LeakCheck leaks = LeakCheck.begin();
        TestTools.ok(natives.leakyStart());
        await().until(() -> ProcFs.threadsNamed("leaky").size() == 1);
        await().until(() -> !ProcFs.children().isEmpty());
        assertThat(natives.leakyStop()).isPositive();
        leaks.assertClean();
    }

    @Test
    void stormHitsTheNamedThread() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "in-the-storm");
        thread.start();
        await().until(() -> natives.threadId("in-the-storm") > 0);
        TestTools.ok(natives.stormStart("in-the-storm", 100));
        await().until(() -> natives.stormCount() >= 10);
        end.countDown();
        thread.join();
        assertThat(natives.stormStop()).isPositive();
    }

    @Test
    void thrashersRunUntilStopped() {
        TestTools.ok(natives.thrashStart(2));
        await().until(() -> ProcFs.threadsNamed("thrash").size() == 2);
        assertThat(natives.thrashStop()).isPositive();
        // A thread that is joined may still be on its way out of /proc.
        await().until(() -> ProcFs.threadsNamed("thrash").isEmpty());
    }

    @Test
    void pipeIsFilledAndReadBack() {
        int[] ends = new int[2];
        TestTools.ok(natives.pipe(ends));
        long filled = TestTools.ok(natives.pipeFill(ends[1]));
        assertThat(filled).isGreaterThanOrEqualTo(4096);
        assertThat(natives.read(ends[0], new byte[4096], 4096)).isEqualTo(4096);
        assertThat(natives.descriptorFlags(ends[0])).isZero();
        TestTools.ok(natives.setCloexec(ends[0], 1));
        assertThat(natives.descriptorFlags(ends[0])).isEqualTo(1);
        TestTools.ok(natives.close(ends[0]));
        TestTools.ok(natives.close(ends[1]));
        assertThat(natives.openDescriptors()).isEqualTo(ProcFs.descriptors().size());
    }

    @Test
    void dispositionIsChangedAndTold() {
        int before = TestTools.ok(natives.sigaction(SIGUSR2, 1));
        assertThat(natives.disposition(SIGUSR2)).isEqualTo(1);
        assertThat(natives.sigaction(SIGUSR2, 0)).isEqualTo(1);
        assertThat(natives.disposition(SIGUSR2)).isZero();
        assertThat(before).isBetween(0, 2);
    }
}
