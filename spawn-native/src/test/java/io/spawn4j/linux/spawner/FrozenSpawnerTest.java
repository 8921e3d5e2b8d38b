// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.Freeze;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A spawner thread that the kernel does not let go on: another one takes over, and the first is never ended. */
@RequiresNativeEngine
class FrozenSpawnerTest {
    private static final int SIGKILL = 9;
    private static final int CALLERS = 4;

    /** Freezes its own spawner, spawns, lets it go on, and waits to be killed. */
    public static final class Succession {
        private static final String NAME = "spawn4j-spawner";

        /** A spawner's: one, and two for each slot; one more each where the descriptor table is shared. */
        private static final int MOST_SOCKETS = 2 + 3 * (CALLERS + 1);

        private Succession() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            ChildProcess before = sleeper();
            ExecutorService callers =
                    Executors.newFixedThreadPool(CALLERS, task -> CleanThreads.create("caller", task));
            spawnAtOnce(callers);
            long sockets = sockets();
            LeakCheck leaks = LeakCheck.begin().ignoring(NAME + "|socket:.*");
            ChildProcess after;
            Freeze frozen = Freeze.thread(ProcFs.threadsNamed(NAME).get(0));
            try (frozen) {
                long began = System.nanoTime();
                spawnAtOnce(callers);
                say("all spawned after ms " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                say("spawners " + ProcFs.threadsNamed(NAME).size());
                spawnAtOnce(callers);
                after = sleeper();
                say("first child lives " + before.isAlive());
            }
            spawnAtOnce(callers);
            after.destroyForcibly().waitFor();
            leaks.assertClean();
            // No thread is left over, not even the one that frees the first spawner's slots when it can;
            // what is new is the second's.
            if (sockets() > sockets + MOST_SOCKETS) {
                throw new AssertionError(sockets + " sockets before, now " + ProcFs.descriptors());
            }
            after = sleeper();
            say("first child still lives " + before.isAlive());
            say("spawners at the end " + ProcFs.threadsNamed(NAME).size());
            say("children " + before.pid() + " " + after.pid());
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }

        private static long sockets() {
            return ProcFs.descriptors().values().stream()
                    .filter(link -> link.startsWith("socket:"))
                    .count();
        }

        private static ChildProcess sleeper() throws Exception {
            return new SpawnBuilder("sleep", "300")
                    .policy(SpawnPolicy.dieWithParent())
                    .start();
        }

        private static void spawnAtOnce(ExecutorService callers) throws Exception {
            List<Future<Integer>> exits = IntStream.range(0, CALLERS)
                    .mapToObj(i -> callers.submit(() -> new SpawnBuilder(TestTools.path("tiny"), "3")
                            .start()
                            .waitFor()))
                    .toList();
            for (Future<Integer> exit : exits) {
                if (exit.get() != 3) {
                    throw new AssertionError("exit " + exit.get());
                }
            }
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }

    @Test
    void anotherSpawnerTakesOverAndNothingIsLost() {
        NestedJvm.Running jvm = NestedJvm.of(Succession.class).start();
        Matcher children;
        String output;
        try (jvm) {
            children = jvm.awaitLine("children (\\d+) (\\d+)");
            output = jvm.outputSoFar();
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
            for (int i = 1; i <= 2; i++) {
                long child = Long.parseLong(children.group(i));
                await("child " + i + " dies with the JVM").until(() -> !ProcFs.isRunning(child));
            }
        }
        assertThat(output)
                .contains("spawners 2\n", "first child lives true", "first child still lives true")
                .contains("spawners at the end 2")
                .containsOnlyOnce("takes no requests")
                .containsPattern("WARN .*spawner thread \\d+ takes no requests");
        Matcher millis = Pattern.compile("all spawned after ms (\\d+)").matcher(output);
        assertThat(millis.find()).isTrue();
        assertThat(Long.parseLong(millis.group(1))).isBetween(1_500L, 15_000L);
    }
}
