// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native thread that clones: one, deaf to signals, with a descriptor table and scheduling of its own. */
@RequiresNativeEngine
class SpawnerThreadTest {
    private static final String SPAWNER = "spawn4j-spawner";
    private static final String OTHER_SCHEDULING = "children inherit affinity, nice and scheduling class";
    private static final int NICENESS = 7;

    /** All but 32 to 34, which are a libc's, and SIGKILL and SIGSTOP, which nobody blocks. */
    private static final long BLOCKED = ~(bit(32) | bit(33) | bit(34) | bit(9) | bit(19));

    @TempDir
    Path directory;

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** Eight threads spawn first, at the same time; then it tells of the spawner and of the process leader. */
    public static final class ManyFirst {
        private ManyFirst() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            Path locked = Path.of(arguments[0]);
            try (FileChannel file = FileChannel.open(locked, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                    FileLock lock = file.lock()) {
                CyclicBarrier start = new CyclicBarrier(8);
                List<Thread> threads = IntStream.range(0, 8)
                        .mapToObj(i -> new Thread(() -> first(start)))
                        .toList();
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                List<Integer> spawners = ProcFs.threadsNamed(SPAWNER);
                System.out.println("spawners " + spawners.size());
                System.out.println("lock valid " + lock.isValid() + " held " + isHeld(locked));
                tell("leader", ProcFs.self());
                tell("spawner", spawners.get(0));
            }
        }

        private static void first(CyclicBarrier start) {
            try {
                int self = TestTools.natives().threadHere();
                TestTools.ok(TestTools.natives().setNice(self, NICENESS));
                Command.run("taskset", "-pc", "0", Integer.toString(self)).orThrow();
                start.await();
                System.out.println("exit "
                        + new SpawnBuilder(TestTools.path("tiny")).start().waitFor());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static void tell(String who, long thread) {
            System.out.println(who + " nice " + (20 - TestTools.natives().nice((int) thread)) + " cpus "
                    + ProcFs.status(thread, "Cpus_allowed_list").orElseThrow());
        }

        private static boolean isHeld(Path file) throws IOException {
            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            try (var locks = Files.lines(Path.of("/proc/locks"))) {
                return locks.anyMatch(line ->
                        line.contains("POSIX") && line.contains(" " + ProcFs.self() + " ") && line.contains(inode));
            }
        }
    }

    @Test
    @Requires(Ability.ROOT) // anybody else may raise his niceness and not lower it
    void thereIsOneWithTheLeadersSchedulingAndLocksSurviveIt() {
        String output = NestedJvm.of(
                        ManyFirst.class, directory.resolve("locked").toString())
                .run()
                .orThrow();
        assertThat(output).contains("spawners 1\n").doesNotContain(OTHER_SCHEDULING);
        assertThat(output.lines().filter(line -> line.equals("exit 0"))).hasSize(8);
        assertThat(line(output, "spawner")).isEqualTo(line(output, "leader"));
        assertThat(output).contains("lock valid true held true");
    }

    @Test
    void withoutLeaveToTakeTheLeadersSchedulingAWarningSaysSo() {
        String output = NestedJvm.of(
                        ManyFirst.class, directory.resolve("locked").toString())
                .through(TestTools.command("seccomp-run", "--fail", "sched_setattr=EPERM", "--"))
                .run()
                .orThrow();
        assertThat(output)
                .contains("spawners 1\n")
                .containsOnlyOnce(OTHER_SCHEDULING)
                .containsPattern("WARN .*" + OTHER_SCHEDULING + ".*: EPERM");
        assertThat(line(output, "spawner")).startsWith("nice " + NICENESS);
    }

    @Test
    void everySignalButTheLibcsIsBlocked() throws IOException, InterruptedException {
        assertThat(ProcFs.signals(spawner(), "SigBlk")).isEqualTo(BLOCKED);
    }

    @Test
    void descriptorTableIsItsOwn() throws IOException, InterruptedException {
        int spawner = spawner();
        boolean filtered = !ProcFs.status(ProcFs.self(), "Seccomp").orElse("0").equals("0");
        SortedMap<Integer, String> table = ProcFs.descriptors(spawner);
        if (filtered && !SpawnerThread.hasPrivateTable()) {
            assertThat(table).containsValue("/memfd:spawn4j (deleted)");
            return;
        }
        assertThat(SpawnerThread.hasPrivateTable()).isTrue();
        assertThat(table)
                .containsEntry(0, "/dev/null")
                .containsEntry(1, "/dev/null")
                .containsEntry(2, "/dev/null");
        assertThat(table.tailMap(3).values())
                .allMatch(link -> link.startsWith("socket:") || link.equals("anon_inode:[pidfd]"));
        assertThat(ProcFs.descriptors()).containsValue("/memfd:spawn4j (deleted)");
    }

    @Test
    void manyOpenFilesOfTheJvmAreNoneOfIt() {
        String output = NestedJvm.of(ManyOpen.class).run().orThrow();
        assertThat(output).contains("exit 0");
        if (SpawnerThread.hasPrivateTable()) {
            assertThat(Integer.parseInt(line(output, "FDSize"))).isLessThanOrEqualTo(256);
        }
    }

    /** Opens many files before the spawner is started. */
    public static final class ManyOpen {
        private ManyOpen() {}

        /** Runs it. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            long limit = TestTools.natives().limit(7, 1);
            TestTools.ok(TestTools.natives().raiseNofile(limit));
            for (int i = 0; i < Math.min(15_000, limit - 200); i++) {
                TestTools.ok(TestTools.natives().dupAbove(0, 100));
            }
            System.out.println(
                    "exit " + new SpawnBuilder(TestTools.path("tiny")).start().waitFor());
            int spawner = ProcFs.threadsNamed(SPAWNER).get(0);
            System.out.println("FDSize " + ProcFs.status(spawner, "FDSize").orElseThrow());
        }
    }

    private static int spawner() throws IOException, InterruptedException {
        assertThat(new SpawnBuilder(TestTools.path("tiny")).start().waitFor()).isZero();
        return ProcFs.threadsNamed(SPAWNER).get(0);
    }

    private static String line(String output, String start) {
        return Arrays.stream(output.split("\n"))
                .filter(line -> line.startsWith(start + " "))
                .map(line -> line.substring(start.length() + 1))
                .collect(Collectors.joining("|"));
    }
}
