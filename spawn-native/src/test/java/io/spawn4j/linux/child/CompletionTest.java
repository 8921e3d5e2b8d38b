// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Scale;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Completions of onExit and onExitStatus: when, on which threads, and what a bad callback does to others. */
class CompletionTest {
    @Test
    void callbacksNeverRunOnThreadsOfTheLibrary() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<?>> callbacks = new ArrayList<>();
        for (int i = 0; i < Scale.of(100); i++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            callbacks.add(child.onExit()
                    .thenAccept(ended -> threads.add(Thread.currentThread().getName())));
            callbacks.add(child.onExitStatus()
                    .thenAccept(status -> threads.add(Thread.currentThread().getName())));
            child.getOutputStream().close();
            if (i % 2 == 0) {
                child.waitFor();
            }
        }
        for (CompletableFuture<?> callback : callbacks) {
            callback.get(60, TimeUnit.SECONDS);
        }
        assertThat(threads).isNotEmpty().noneMatch(name -> name.startsWith("spawn4j-"));
    }

    @Test
    @Timeout(120)
    @DisplayName("F17: a callback that never returns keeps no status from those who wait")
    void blockingCallbackHoldsUpNoWaiter() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try {
            ChildProcess blocking = new SpawnBuilder("sh", "-c", "read line; exit 1").start();
            CompletableFuture<Void> blocked = blocking.onExit().thenAccept(ended -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            blocking.getOutputStream().close();
            assertThat(blocking.waitFor()).isEqualTo(1);
            for (int i = 0; i < Scale.of(20); i++) {
                ChildProcess child = new SpawnBuilder("cat").start();
                child.getOutputStream().close();
                assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(0));
            }
            assertThat(blocked).isNotDone();
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName("F17: callbacks that throw disturb nobody else")
    void throwingCallbacksDisturbNobody() throws Exception {
        List<CompletableFuture<?>> throwing = new ArrayList<>();
        for (int i = 0; i < Scale.of(50); i++) {
            ChildProcess child = new SpawnBuilder("cat").start();
            throwing.add(child.onExit().thenAccept(ended -> {
                throw new IllegalStateException("on purpose");
            }));
            throwing.add(child.onExitStatus().whenComplete((status, failure) -> {
                throw new AssertionError("on purpose, too");
            }));
            CompletableFuture<ExitStatus> good = child.onExitStatus();
            child.getOutputStream().close();
            assertThat(good.get(60, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
            assertThat(child.waitFor()).isZero();
        }
        for (CompletableFuture<?> callback : throwing) {
            assertThatThrownBy(() -> callback.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("on purpose");
        }
    }

    @Test
    void completingAFutureByHandIsTheCallersAffair() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        child.onExitStatus().complete(new ExitStatus.Exited(99));
        child.onExitStatus().cancel(true);
        CompletableFuture<ExitStatus> late = child.onExitStatus();
        assertThat(late).isNotDone();
        child.getOutputStream().close();
        assertThat(late.get(60, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    @DisplayName("F20: an exit is noticed at once, not at the next look")
    void exitIsNoticedAtOnce() throws Exception {
        List<Duration> waiting = new ArrayList<>();
        List<Duration> completing = new ArrayList<>();
        for (int i = 0; i < Math.max(20, Scale.of(40)); i++) {
            ChildProcess waited = dated();
            waited.waitFor();
            waiting.add(Duration.between(end(waited), Instant.now()));
            ChildProcess completed = dated();
            Instant noticed =
                    completed.onExitStatus().thenApply(status -> Instant.now()).get(60, TimeUnit.SECONDS);
            completing.add(Duration.between(end(completed), noticed));
        }
        for (List<Duration> latencies : List.of(waiting, completing)) {
            latencies.sort(null);
            System.out.printf(
                    "F20: from a child's last action to its waiter: quartile %s, median %s, most %s%n",
                    latencies.get(latencies.size() / 4),
                    latencies.get(latencies.size() / 2),
                    latencies.get(latencies.size() - 1));
            System.out.println("F20: of " + latencies.size() + ": " + histogram(latencies));
            // Looking every 250 ms makes 62 and 125. A busy machine delays some, hardly all.
            assertThat(latencies.get(latencies.size() / 4)).isLessThan(Duration.ofMillis(20));
            assertThat(latencies.get(latencies.size() / 2)).isLessThan(Duration.ofMillis(100));
        }
    }

    /** How many took less than each power of two, in microseconds, and not less than the one before. */
    private static String histogram(List<Duration> latencies) {
        SortedMap<Long, Integer> buckets = new TreeMap<>();
        for (Duration latency : latencies) {
            long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(latency.toNanos()));
            buckets.merge(micros == 0 ? 1 : Long.highestOneBit(micros) * 2, 1, Integer::sum);
        }
        return buckets.entrySet().stream()
                .map(bucket -> bucket.getValue() + " below " + bucket.getKey() + " us")
                .collect(Collectors.joining(", "));
    }

    /** Long enough for the waiting thread to have gone to sleep; its last action is to tell the time. */
    private static ChildProcess dated() throws Exception {
        return new SpawnBuilder("sh", "-c", "sleep 0.01; exec date +%s%N").start();
    }

    private static Instant end(ChildProcess child) throws Exception {
        String nanos = child.inputReader(StandardCharsets.US_ASCII).readLine();
        return Instant.EPOCH.plusNanos(Long.parseLong(nanos));
    }
}
