// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.jmh.contender.Child;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccountTest {
    @Test
    void openFileCountsUntilItIsClosed() throws Exception {
        long before = Account.now().descriptors();
        long open;
        try (FileInputStream one = new FileInputStream("/dev/null");
                FileInputStream other = new FileInputStream("/dev/null")) {
            assertThat(one.read()).isEqualTo(other.read());
            open = Account.now().descriptors();
        }

        assertThat(open).isEqualTo(before + 2);
        assertThat(Account.now().descriptors()).isEqualTo(before);
    }

    @Test
    void childCountsAliveAndAsAZombieUntilItIsReaped() throws Exception {
        long before = Account.now().children();
        Child child = Contender.C_POSIX_SPAWN
                .prepare(Command.of(Program.PAUSE, Streams.NULL))
                .start();
        long alive = Account.now().children();
        child.kill();
        await().until(() ->
                Files.readString(Path.of("/proc/" + child.pid() + "/stat")).contains(") Z "));
        long zombie = Account.now().children();
        child.waitFor();
        child.close();

        assertThat(alive).isEqualTo(before + 1);
        assertThat(zombie).isEqualTo(before + 1);
        assertThat(Account.now().children()).isEqualTo(before);
    }

    @Test
    void threadCounts() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread[] threads = new Thread[50];
        long before = Account.now().threads();
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            threads[i].start();
        }
        long more = Account.now().threads() - before;
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        // The JVM's own, of its compiler and collector, come and go.
        assertThat(more).isBetween(40L, 60L);
    }

    @Test
    void residentMemoryIsThatOfAJvm() throws Exception {
        assertThat(Account.now().residentKib()).isBetween(20_000L, 20_000_000L);
    }
}
