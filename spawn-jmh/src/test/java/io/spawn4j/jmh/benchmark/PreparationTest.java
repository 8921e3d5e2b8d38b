// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PreparationTest {
    private static final AtomicBoolean DONE = new AtomicBoolean();

    /** Is ready after a moment. */
    public static final class Slow {
        private Slow() {}

        public static CompletableFuture<String> prepare() {
            return CompletableFuture.supplyAsync(
                    () -> {
                        DONE.set(true);
                        return "ready";
                    },
                    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        }
    }

    /** Cannot be. */
    public static final class Broken {
        private Broken() {}

        public static CompletableFuture<String> prepare() {
            return CompletableFuture.failedFuture(new IllegalArgumentException("broken"));
        }
    }

    @Test
    void preparationIsOverWhenTheWaitIs() throws Exception {
        Preparation.await(Slow.class.getName());

        assertThat(DONE).isTrue();
    }

    @Test
    void preparationThatFailsIsAnError() {
        assertThatThrownBy(() -> Preparation.await(Broken.class.getName()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void spawn4jWithoutItIsAnErrorThatSaysSo() {
        assertThatThrownBy(() -> Preparation.await("io.spawn4j.NoSuchEngine"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this spawn4j has no io.spawn4j.NoSuchEngine.prepare()");
    }
}
