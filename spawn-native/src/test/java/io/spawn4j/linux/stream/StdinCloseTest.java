// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Scale;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of bytes that wait in the buffer of a child's stdin when it is closed. */
class StdinCloseTest {
    private static final int BYTES = 100;

    @Test
    void allThatWasWrittenArrivesThoughOthersFlushAtTheMomentOfTheClose() throws Exception {
        for (int i = 0; i < Scale.of(100); i++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            OutputStream stdin = child.getOutputStream();
            AtomicBoolean ended = new AtomicBoolean();
            CountDownLatch flushing = new CountDownLatch(1);
            Thread flusher = new Thread(() -> flushUntil(ended, stdin, flushing));
            flusher.start();
            try {
                flushing.await();
                stdin.write(new byte[BYTES]);
                stdin.close();
                assertThat(child.getInputStream().readAllBytes()).hasSize(BYTES);
            } finally {
                ended.set(true);
                flusher.join();
            }
        }
    }

    private static void flushUntil(AtomicBoolean ended, OutputStream stdin, CountDownLatch flushing) {
        try {
            while (!ended.get()) {
                stdin.flush();
                flushing.countDown();
            }
        } catch (IOException closed) {
            ended.set(true);
        }
    }
}
