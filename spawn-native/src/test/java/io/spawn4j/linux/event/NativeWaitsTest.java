// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Platform threads that wait for children longer than a moment: in the kernel, themselves. */
class NativeWaitsTest {
    /** What an epoll set watches, in its fdinfo: proc(5). */
    private static final Pattern TARGET = Pattern.compile("^tfd:\\s*(\\d+)\\s", Pattern.MULTILINE);

    @Test
    @Timeout(60)
    @Requires(Ability.PIDFDS)
    void eventThreadHearsOfAChildOnlyWhileNoThreadWaitsForIt() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        await().until(() -> eventThreadWatches(child));

        Waiter first = new Waiter(child, true);
        await().until(() -> !eventThreadWatches(child));
        first.thread.interrupt();
        assertThat(first.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted, flag false");
        await().until(() -> eventThreadWatches(child));

        Waiter second = new Waiter(child, false);
        await().until(() -> !eventThreadWatches(child));
        child.destroyForcibly();
        assertThat(second.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("137");
    }

    /** Whether an epoll set has the child's pidfd. */
    private static boolean eventThreadWatches(ChildProcess child) {
        Map<Integer, String> infos = ProcFs.descriptorInfo();
        Set<String> watched = infos.values().stream()
                .flatMap(info -> TARGET.matcher(info).results())
                .map(target -> target.group(1))
                .collect(Collectors.toSet());
        String ofPidfd = "Pid:\t" + child.pid();
        return infos.entrySet().stream()
                .filter(info -> info.getValue().lines().anyMatch(ofPidfd::equals))
                .anyMatch(info -> watched.contains(info.getKey().toString()));
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
