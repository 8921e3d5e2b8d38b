// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.awaitility.Awaitility.await;

import io.spawn4j.SpawnBuilder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Makes the native engine keep a few request slots, two sockets each. A start that was given up has its slot for a
 * moment longer, so that the next start needs another one, which stays: to a {@link LeakCheck} it would look like a
 * leak.
 */
public final class SpareSlots {
    private static final int SLOTS = 4;
    private static final int CALLERS = 8;

    private SpareSlots() {}

    /** Returns when there are some; with the other engine at once. */
    public static void make() {
        if (Ability.NATIVE_ENGINE.missing().isPresent() || sockets() > 2 * SLOTS) {
            return;
        }
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            await().until(() -> {
                List<CompletableFuture<Void>> burst = IntStream.range(0, CALLERS)
                        .mapToObj(i -> CompletableFuture.runAsync(SpareSlots::start, callers))
                        .toList();
                burst.forEach(CompletableFuture::join);
                return sockets() > 2 * SLOTS;
            });
            callers.shutdown();
            await().until(() -> callers.awaitTermination(1, TimeUnit.SECONDS));
        } finally {
            callers.shutdownNow();
        }
    }

    private static void start() {
        ChildState.start(new SpawnBuilder(TestTools.command("tiny", "3")))
                .onExit()
                .join();
    }

    private static long sockets() {
        return ProcFs.descriptors().values().stream()
                .filter(target -> target.startsWith("socket:"))
                .count();
    }
}
