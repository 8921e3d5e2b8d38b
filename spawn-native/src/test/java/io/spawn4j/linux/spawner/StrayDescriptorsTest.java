// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NofileLimit;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Files that native code opened without O_CLOEXEC are nobody's business but its own. */
class StrayDescriptorsTest {
    private static final int THREADS = 4;
    private static final int SPAWNS = 2_000;
    private static final int O_RDONLY = 0;

    @Test
    @DisplayName("F6: a file opened without O_CLOEXEC never reaches a child")
    void childHasItsThreeStreamsAndNoMore() throws Exception {
        int inheritable = TestTools.ok(TestTools.natives().open("/dev/zero", O_RDONLY));
        TestTools.ok(TestTools.natives().leakyStart());
        try {
            assertThat(TestTools.natives().descriptorFlags(inheritable)).isZero();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(() -> spawnAndLook(Scale.of(SPAWNS) / THREADS + 1));
            }
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                task.get();
            }
            threads.shutdown();
        } finally {
            assertThat(TestTools.natives().leakyStop())
                    .as("foreign forks meanwhile")
                    .isPositive();
            TestTools.ok(TestTools.natives().close(inheritable));
        }
    }

    private static Integer spawnAndLook(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            ChildProcess child = new SpawnBuilder(TestTools.path("fdlist")).start();
            String list = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(list).matches("0 -> pipe:.*\n1 -> pipe:.*\n2 -> pipe:.*\n");
            assertThat(child.waitFor()).isZero();
        }
        return times;
    }

    /** Spawns with few and with many open descriptors, and with ProcessBuilder; prints microseconds per spawn. */
    public static final class Cost {
        private static final int ROUNDS = 3;
        private static final int JDKS = 10;
        private static final int OTHERS = 200;

        private Cost() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            int count = Integer.parseInt(arguments[0]);
            List<String> program = TestTools.command("tiny");
            Callable<Integer> ours = () -> new SpawnBuilder(program).start().waitFor();
            Callable<Integer> theirs = () -> new ProcessBuilder(program).start().waitFor();
            micros(ours, 300);
            micros(theirs, 20);
            System.out.println("few " + best(ours, 200) + " jdk " + micros(theirs, JDKS));
            int room = NofileLimit.room(count + OTHERS) - OTHERS;
            for (int i = 0; i < Math.min(count, room); i++) {
                TestTools.ok(TestTools.natives().dupAbove(0, 100));
            }
            System.out.println("many " + best(ours, 200) + " jdk " + micros(theirs, JDKS));
        }

        private static long best(Callable<Integer> spawn, int times) throws Exception {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                best = Math.min(best, micros(spawn, times));
            }
            return best;
        }

        private static long micros(Callable<Integer> spawn, int times) throws Exception {
            long began = System.nanoTime();
            for (int i = 0; i < times; i++) {
                if (spawn.call() != 0) {
                    throw new AssertionError("a child failed");
                }
            }
            return (System.nanoTime() - began) / times / 1000;
        }
    }

    @Test
    @RequiresNativeEngine
    @DisplayName("F4: a spawn does not cost more with 15,000 descriptors open")
    void costDoesNotGrowWithOpenDescriptors() {
        String output = NestedJvm.of(Cost.class, "15000").run().orThrow();
        Matcher few = Pattern.compile("few (\\d+) jdk (\\d+)").matcher(output);
        Matcher many = Pattern.compile("many (\\d+) jdk (\\d+)").matcher(output);
        assertThat(few.find() && many.find()).as(output).isTrue();
        System.out.println("microseconds per spawn, few descriptors and many: " + output.replace('\n', ' '));
        // A shared table costs: see the warning that the library gives then.
        if (SpawnerThread.hasPrivateTable()) {
            assertThat(Long.parseLong(many.group(1))).isLessThan(5 * Long.parseLong(few.group(1)));
        }
        assertThat(Long.parseLong(many.group(2)))
                .as("ProcessBuilder fails this test")
                .isGreaterThan(5 * Long.parseLong(few.group(2)));
    }
}
