// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An interrupt that comes while start() runs. */
class InterruptedStartTest {
    private static final int CALLERS = 16;
    private static final int STARTS = 8_000;
    private static final int LONGEST_PAUSE_NANOS = 4_000_000;

    private final AtomicInteger owned = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();

    private volatile boolean done;

    @Test
    @DisplayName("F18: after an interrupt at any point of start() the child is the caller's, or gone")
    void childIsOwnedOrGone() throws Exception {
        int starts = Scale.of(STARTS) / CALLERS + 1;
        runAll(20, false); // the library keeps the slots that so many callers need
        LeakCheck leaks = LeakCheck.begin().ignoring("socket:.*");
        owned.set(0);
        runAll(starts, true);
        System.out.println("interrupted starts: " + owned + " children owned, " + given + " starts given up");
        assertThat(owned.get() + given.get()).isEqualTo(starts * CALLERS);
        assertThat(owned.get()).isPositive();
        leaks.assertClean();
    }

    private void runAll(int starts, boolean interrupting) throws Exception {
        done = false;
        List<FutureTask<Void>> tasks = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            FutureTask<Void> task = new FutureTask<>(() -> start(starts));
            tasks.add(task);
            callers.add(CleanThreads.start("caller", task));
        }
        Thread interrupter = CleanThreads.start("interrupter", () -> {
            SplittableRandom random = new SplittableRandom(18);
            while (!done) {
                if (interrupting) {
                    callers.get(random.nextInt(CALLERS)).interrupt();
                }
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            }
        });
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        done = true;
        interrupter.join();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private Void start(int times) throws Exception {
        SpawnBuilder builder = new SpawnBuilder(TestTools.path("tiny"), "3");
        for (int i = 0; i < times; i++) {
            Thread.interrupted();
            try {
                ChildProcess child = builder.start();
                assertThat(endOf(child)).isEqualTo(3);
                owned.incrementAndGet();
            } catch (SpawnException e) {
                assertThat(e.errnoName()).as(e.getMessage()).isEqualTo("EINTR");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                given.incrementAndGet();
            }
        }
        return null;
    }

    private static int endOf(ChildProcess child) {
        for (; ; ) {
            try {
                return child.waitFor();
            } catch (InterruptedException again) {
                continue;
            }
        }
    }
}
