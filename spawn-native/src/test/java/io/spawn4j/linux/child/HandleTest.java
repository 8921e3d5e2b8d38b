// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handles that threads ask for while children end. */
class HandleTest {
    /**
     * Each child's end meets the first question for its handle. In a JVM of its own, which a deadlock would cost its
     * reaper.
     */
    public static final class Storm {
        private static final int AT_ONCE = 8;

        private Storm() {}

        /** Argument: how many rounds. */
        public static void main(String[] arguments) throws Exception {
            int rounds = Integer.parseInt(arguments[0]);
            for (int round = 0; round < rounds; round++) {
                List<CompletableFuture<?>> asked = new ArrayList<>();
                List<ChildProcess> children = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    ChildProcess child = new SpawnBuilder("cat").start();
                    children.add(child);
                    boolean info = i % 2 == 0;
                    asked.add(CompletableFuture.runAsync(() -> askAtTheEnd(child, info)));
                }
                for (ChildProcess child : children) {
                    child.onExit().get(10, TimeUnit.SECONDS);
                }
                for (CompletableFuture<?> one : asked) {
                    one.get(10, TimeUnit.SECONDS);
                }
            }
            System.out.println("left " + ProcFs.children());
        }

        private static void askAtTheEnd(ChildProcess child, boolean info) {
            long pid = child.pid();
            child.onExit();
            closeStdin(child);
            while (ProcFs.isRunning(pid)) {
                Thread.onSpinWait();
            }
            if (info) {
                child.info();
            }
            if (child.toHandle().pid() != pid) {
                throw new AssertionError("another process's handle");
            }
        }

        private static void closeStdin(ChildProcess child) {
            try {
                child.getOutputStream().close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void handlesAskedForWhileChildrenEndHoldUpNobody() {
        NestedJvm.Result result = NestedJvm.of(Storm.class, Integer.toString(Scale.of(60)))
                .deadline(Duration.ofSeconds(60))
                .run();
        assertThat(result.output()).doesNotContain("deadlock");
        assertThat(result.orThrow().lines().filter(line -> !line.contains(" WARN ")))
                .containsExactly("left []");
    }

    @Test
    void handleOfAnEndedChildStaysItsOwn() throws Exception {
        ChildProcess child = new SpawnBuilder(TestTools.command("tiny", "3")).start();
        assertThat(child.waitFor()).isEqualTo(3);
        ProcessHandle handle = child.toHandle();
        assertThat(handle.pid()).isEqualTo(child.pid());
        assertThat(handle.isAlive()).isFalse();
        assertThat(handle.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
    }
}
