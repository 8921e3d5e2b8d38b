// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Nothing escapes the leak check. */
class LeakCheckTest {
    @Test
    void namesDescriptorsAndThreads() throws InterruptedException {
        LeakCheck leaks = LeakCheck.begin();
        int copy = TestTools.ok(TestTools.natives().dupAbove(0, 200));
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "forgotten");
        thread.start();
        begun.await();
        assertThatThrownBy(() -> leaks.within(Duration.ofMillis(200)).assertClean())
                .hasMessageContaining("descriptor " + copy + " -> ")
                .hasMessageContaining("-> forgotten");
        TestTools.ok(TestTools.natives().close(copy));
        end.countDown();
        thread.join();
        leaks.within(Duration.ofSeconds(10)).assertClean();
    }

    @Test
    void namesChildren() throws IOException, InterruptedException {
        LeakCheck leaks = LeakCheck.begin();
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(leaks.leaks()).anyMatch(line -> line.startsWith("child " + child.pid()));
        } finally {
            child.destroyForcibly().waitFor();
            child.getInputStream().close();
            child.getErrorStream().close();
            child.getOutputStream().close();
        }
        leaks.assertClean();
    }
}
