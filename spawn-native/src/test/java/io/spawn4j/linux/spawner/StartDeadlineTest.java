// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.Freeze;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The start timeout holds whatever a start waits for: its turn, a request slot, the spawner's answer. */
@RequiresNativeEngine
class StartDeadlineTest {
    /** Freezes its own spawner for less time than another one is started after. */
    public static final class Impatience {
        private static final String NAME = "spawn4j-spawner";
        private static final Duration TIMEOUT = Duration.ofMillis(100);

        /** More than there are free slots: one is queued, the others wait for a slot of their own. */
        private static final int CALLERS = 4;

        private Impatience() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            assertThat(tiny(SpawnPolicy.defaults()).start().waitFor()).isEqualTo(3);
            LeakCheck leaks = LeakCheck.begin().ignoring(NAME + "|socket:.*");
            ExecutorService callers =
                    Executors.newFixedThreadPool(CALLERS, task -> CleanThreads.create("caller", task));
            long began = System.nanoTime();
            Freeze frozen = Freeze.thread(ProcFs.threadsNamed(NAME).get(0));
            try (frozen) {
                List<CompletableFuture<SpawnException>> starts = IntStream.range(0, CALLERS)
                        .mapToObj(i -> CompletableFuture.supplyAsync(Impatience::tooLate, callers))
                        .toList();
                for (CompletableFuture<SpawnException> start : starts) {
                    SpawnException failure = start.get();
                    assertThat(failure.stage()).isEqualTo(SpawnStage.SPAWNER);
                    assertThat(failure.errnoName()).isEqualTo("ETIMEDOUT");
                    assertThat(failure).hasMessageContaining("not started within PT0.1S");
                }
            }
            System.out.println("all failed after ms " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            for (int i = 0; i < CALLERS; i++) {
                assertThat(tiny(SpawnPolicy.defaults()).start().waitFor()).isEqualTo(3);
            }
            callers.shutdown();
            assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            leaks.assertClean();
            System.out.println("spawners " + ProcFs.threadsNamed(NAME).size());
            System.exit(0);
        }

        private static SpawnException tooLate() {
            SpawnBuilder builder =
                    tiny(SpawnPolicy.builder().startTimeout(TIMEOUT).build());
            return catchThrowableOfType(SpawnException.class, builder::start);
        }

        private static SpawnBuilder tiny(SpawnPolicy policy) {
            return new SpawnBuilder(TestTools.path("tiny"), "3").policy(policy);
        }
    }

    @Test
    void timeoutHoldsWhileTheSpawnerTakesNoRequests() {
        String said = NestedJvm.of(Impatience.class).run().orThrow();
        // A spawner that takes no request for two seconds is replaced; before that only the timeout can have ended the
        // starts.
        assertThat(said).contains("spawners 1\n").doesNotContain("takes no requests)");
        long millis = Long.parseLong(said.replaceAll("(?s).*all failed after ms (\\d+).*", "$1"));
        assertThat(millis).isBetween(100L, 1_900L);
    }
}
