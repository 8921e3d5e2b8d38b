// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Platform threads that wait for children longer than a moment: in the kernel, themselves. */
class NativeWaitsTest {
    @Test
    @Timeout(60)
    void eventThreadIsNotWokenForAChildThatAThreadWaitsFor() throws Exception {
        int children = Scale.of(100);
        waitForOneThatLives();
        int eventThread = thread("spawn4j-events");
        long before = switches(eventThread);

        for (int i = 0; i < children; i++) {
            waitForOneThatLives();
        }

        // Its timer looks at new children in batches, so it is not quite idle; a death each would make it three times
        // as many.
        assertThat(switches(eventThread) - before).isLessThan(children * 5L / 2);
    }

    private static void waitForOneThatLives() throws Exception {
        assertThat(new SpawnBuilder("sleep", "0.02").start().waitFor()).isZero();
    }

    @Test
    @Timeout(120)
    void interruptEndsAWaitHoweverItMeetsTheEndOfTheChild() throws Exception {
        new SpawnBuilder("true").start().waitFor();
        LeakCheck leaks = LeakCheck.begin();

        for (int i = 0; i < Scale.of(500); i++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            Waiter waiter = new Waiter(child, i % 2 == 0);
            waiter.awaitAsleep();
            if (i % 3 == 0) {
                // Both at once: either may come first.
                child.destroyForcibly();
            }
            waiter.thread.interrupt();

            String outcome = waiter.outcome.get(30, TimeUnit.SECONDS);

            assertThat(outcome).isIn("interrupted, flag false", "137");
            assertThat(outcome.equals("137") && i % 3 != 0).isFalse();
            waiter.thread.join();
            child.destroyForcibly();
            assertThat(child.waitFor()).isEqualTo(137);
        }
        leaks.assertClean();
    }

    @Test
    @Timeout(60)
    void waitEndsWithItsTime() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        long begin = System.nanoTime();

        boolean ended = child.waitFor(50, TimeUnit.MILLISECONDS);

        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(ended).isFalse();
        child.destroyForcibly();
        assertThat(child.waitFor()).isEqualTo(137);
    }

    @Test
    @Timeout(60)
    void everyoneWhoWaitsForOneChildLearnsOfItsEnd() throws Exception {
        for (int i = 0; i < Scale.of(50); i++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            List<Waiter> waiters = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                waiters.add(new Waiter(child, k % 2 == 0));
            }
            CompletableFuture<String> future = child.onExit().thenApply(ended -> "" + ended.exitValue());
            if (i % 2 == 0) {
                waiters.get(i / 2 % 4).thread.interrupt();
            }
            child.getOutputStream().close();
            assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo("0");
            for (Waiter waiter : waiters) {
                assertThat(waiter.outcome.get(30, TimeUnit.SECONDS)).isIn("0", "interrupted, flag false");
            }
        }
    }

    @Test
    @Timeout(60)
    void interruptedThreadDoesNotBeginToWait() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();

        Thread.currentThread().interrupt();

        assertThatThrownBy(child::waitFor).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        child.destroyForcibly();
        assertThat(child.waitFor()).isEqualTo(137);
    }

    private static int thread(String name) {
        return ProcFs.threads().entrySet().stream()
                .filter(thread -> thread.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static long switches(int thread) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/task/" + thread + "/status"))) {
            return lines.filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .sum();
        }
    }

    private static final class Waiter {
        final CompletableFuture<String> outcome = new CompletableFuture<>();
        final Thread thread;

        Waiter(ChildProcess child, boolean forEver) {
            thread = new Thread(() -> {
                try {
                    if (!forEver && !child.waitFor(1, TimeUnit.MINUTES)) {
                        outcome.complete("not ended");
                    }
                    outcome.complete("" + child.waitFor());
                } catch (InterruptedException e) {
                    outcome.complete(
                            "interrupted, flag " + Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
        }

        /** In poll(2), or parked where the host has no pidfds. */
        void awaitAsleep() {
            await().pollDelay(0, TimeUnit.MILLISECONDS)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING
                            || Stream.of(thread.getStackTrace())
                                    .anyMatch(frame -> frame.getMethodName().equals("pollUnlessWoken")));
        }
    }
}
