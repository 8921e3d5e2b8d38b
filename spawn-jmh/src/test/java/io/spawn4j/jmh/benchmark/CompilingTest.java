// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompilingTest {
    @Test
    void asManyThreadsAsCallersAreInItAtATime() throws Exception {
        CountDownLatch all = new CountDownLatch(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        Compiling.run(3, 200, () -> {
            threads.add(Thread.currentThread());
            all.countDown();
            all.await();
        });

        assertThat(threads).hasSize(3).doesNotContain(Thread.currentThread()).noneMatch(Thread::isAlive);
    }

    @Test
    void withoutTimeNothingRuns() throws Exception {
        AtomicInteger runs = new AtomicInteger();

        Compiling.run(2, 0, runs::incrementAndGet);

        assertThat(runs).hasValue(0);
    }

    @Test
    void whatFailsIsToldWithItsReason() {
        assertThatThrownBy(() -> Compiling.run(2, 1000, () -> {
                    throw new IOException("no such program");
                }))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("no such program");
    }
}
