// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final int PLACES = 16;

    private final BufferPool pool = new BufferPool(64);

    @Test
    void threadsThatTakeTurnsGetTheirOwnBuffersAgain() throws Exception {
        NativeMemory mine = pool.take();
        NativeMemory other = inThreadWithAnotherPlace(pool::take);
        assertThat(other).isNotSameAs(mine);

        pool.giveBack(mine);
        inThreadWithAnotherPlace(() -> {
            pool.giveBack(other);
            return other;
        });

        assertThat(pool.take()).isSameAs(mine);
    }

    @Test
    void keepsNoMoreThanItHasPlacesFor() {
        List<NativeMemory> taken = new ArrayList<>();
        for (int i = 0; i < 3 * PLACES; i++) {
            taken.add(pool.take());
        }
        taken.forEach(pool::giveBack);
        Set<NativeMemory> before = Set.copyOf(taken); // by identity: a NativeMemory has no other equality
        assertThat(before).hasSize(3 * PLACES);

        List<NativeMemory> again = new ArrayList<>();
        for (int i = 0; i < 3 * PLACES; i++) {
            again.add(pool.take());
        }

        assertThat(Set.copyOf(again)).hasSize(3 * PLACES);
        assertThat(again.stream().filter(before::contains)).hasSize(PLACES);
    }

    @Test
    void nobodyGetsABufferThatAnotherThreadHas() throws Exception {
        Set<NativeMemory> inUse = ConcurrentHashMap.newKeySet();
        AtomicInteger shared = new AtomicInteger();
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            FutureTask<Void> user = new FutureTask<>(
                    () -> {
                        for (int i = 0; i < 50_000; i++) {
                            NativeMemory buffer = pool.take();
                            if (!inUse.add(buffer)) {
                                shared.incrementAndGet();
                            }
                            inUse.remove(buffer);
                            pool.giveBack(buffer);
                        }
                    },
                    null);
            users.add(user);
            new Thread(user, "user-" + t).start();
        }
        for (FutureTask<Void> user : users) {
            user.get();
        }
        assertThat(shared).hasValue(0);
    }

    private static <T> T inThreadWithAnotherPlace(Callable<T> call) throws Exception {
        while (true) {
            FutureTask<T> task = new FutureTask<>(call);
            Thread thread = new Thread(task, "another");
            if ((thread.getId() - Thread.currentThread().getId()) % PLACES != 0) {
                thread.start();
                return task.get();
            }
        }
    }
}
