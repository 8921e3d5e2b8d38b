// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.OrphanReaper;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.CoreLoader;
import io.spawn4j.linux.kernel.Jffi;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.NativeCalls;
import io.spawn4j.linux.support.Freeze;
import io.spawn4j.linux.support.Orphans;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@link OrphanReaperTest} runs in JVMs that adopt orphans: the argument names the case. */
public enum OrphanReaperCases {
    NAIVE {
        @Override
        void run() throws Exception {
            List<Long> orphans = Orphans.make(COUNT);
            awaitZombies(orphans);
            assertThat(exitCode(new ProcessBuilder(TestTools.command("tiny", "3")).start()))
                    .isEqualTo(3);
            assertThat(exitCode(new SpawnBuilder(TestTools.command("tiny", "4")).start()))
                    .isEqualTo(4);
            assertThat(ProcFs.zombies()).containsAll(orphans);
        }
    },

    INSTALLED {
        @Override
        void run() {
            List<Long> before = Orphans.make(COUNT);
            awaitZombies(before);
            try (OrphanReaper reaper = OrphanReaper.install()) {
                List<Long> after = Orphans.make(COUNT);
                List<Long> later = Orphans.make(COUNT, 50);
                Stream.of(before, after, later).forEach(OrphanReaperCases::awaitGone);
                assertThat(reaper.reaped()).isEqualTo(3 * COUNT);
            }
        }
    },

    FIRST_THREAD {
        @Override
        void run() throws Exception {
            List<Long> orphans = Orphans.make(COUNT);
            Process running = new ProcessBuilder("cat").start();
            Process left = onThreadThatEnds(() -> new ProcessBuilder("cat").start());
            await().until(() -> adopted().contains(left.pid()));
            assertThat(adopted()).containsAll(orphans).doesNotContain(running.pid());
            assertThat(ProcFs.children()).contains(running.pid());
            running.destroy();
            left.destroy();
        }
    },

    LIVE_THREAD {
        @Override
        void run() throws Exception {
            // A native library's child, which that collects when it likes.
            long child = TestTools.ok(TestTools.natives().forkHere(7));
            try (OrphanReaper reaper = OrphanReaper.install(GRACE)) {
                awaitZombies(List.of(child));
                outlivesYoungerOrphans(child, reaper);
            }
            assertThat(TestTools.natives().reap((int) child)).isZero();
        }
    },

    FROZEN_JDK {
        @Override
        void run() throws Exception {
            Process child = onThreadThatEnds(() -> new ProcessBuilder("sh", "-c", "read line; exit 7").start());
            try (OrphanReaper reaper = OrphanReaper.install(GRACE)) {
                keepsStatusWhileFrozen(child, threadLike("process reaper"), reaper);
            }
        }
    },

    FROZEN_WATCH {
        @Override
        void run() throws Exception {
            Process child = onThreadThatEnds(() -> new SpawnBuilder("sh", "-c", "read line; exit 7").start());
            // The JDK knows nothing of this child.
            try (OrphanReaper reaper = OrphanReaper.install(GRACE)) {
                keepsStatusWhileFrozen(child, threadLike("spawn4j-wait-", "spawn4j-events"), reaper);
            }
        }
    },

    YOUNG {
        @Override
        void run() throws Exception {
            NativeCalls calls = Jffi.open();
            for (Kernel kernel : List.of(
                    new LibcKernel(CLibrary.ofProcess(calls)),
                    CoreLoader.load(calls).core())) {
                OrphanScan scan =
                        new OrphanScan(kernel, AdoptedChildren.ofThisProcess(kernel), LiveChildren::contains, 100);
                awaitZombies(Orphans.make(1));
                assertThat(scan.look(1_000)).as("of unknown age").isOne();
                assertThat(scan.look(99)).isOne();
                assertThat(scan.reaped()).isZero();
                assertThat(scan.look(1)).isZero();
                assertThat(scan.reaped()).isOne();
                assertThat(ProcFs.children()).isEmpty();
            }
        }
    },

    BUSY_JDK {
        @Override
        void run() throws Exception {
            Kernel kernel = CoreLoader.load(Jffi.open()).core();
            OrphanScan scan = new OrphanScan(kernel, AdoptedChildren.ofThisProcess(kernel), LiveChildren::contains, 1);
            CountDownLatch busy = new CountDownLatch(ForkJoinPool.getCommonPoolParallelism());
            CountDownLatch release = new CountDownLatch(1);
            for (long i = busy.getCount(); i > 0; i--) {
                ForkJoinPool.commonPool().execute(() -> {
                    busy.countDown();
                    awaitLatch(release);
                });
            }
            awaitLatch(busy);
            awaitZombies(Orphans.make(2));
            scan.look(0);
            assertThat(scan.look(1)).isEqualTo(2);
            assertThat(scan.look(TimeUnit.MINUTES.toNanos(2))).isEqualTo(2);
            release.countDown();
            await().until(() -> scan.look(1) == 0);
            assertThat(scan.reaped()).isEqualTo(2);
        }
    },

    CLOSED {
        @Override
        void run() {
            OrphanReaper reaper = OrphanReaper.install(GRACE);
            awaitGone(Orphans.make(COUNT));
            assertThat(ProcFs.threadsNamed(THREAD)).hasSize(1);
            reaper.close();
            reaper.close();
            List<Long> orphans = Orphans.make(COUNT);
            await().until(() -> ProcFs.threadsNamed(THREAD).isEmpty());
            awaitZombies(orphans);
            assertThat(reaper.reaped()).isEqualTo(COUNT);
            try (OrphanReaper next = OrphanReaper.install(GRACE)) {
                awaitGone(orphans);
                assertThat(next).isNotSameAs(reaper);
                assertThat(next.reaped()).isEqualTo(COUNT);
            }
        }
    },

    TWICE {
        @Override
        void run() {
            try (OrphanReaper reaper = OrphanReaper.install(GRACE)) {
                assertThat(OrphanReaper.install()).isSameAs(reaper);
                assertThat(OrphanReaper.install(GRACE)).isSameAs(reaper);
                assertThatThrownBy(() -> OrphanReaper.install(GRACE.plusMillis(1)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("PT0.1S instead of PT0.101S");
                assertThat(ProcFs.threadsNamed(THREAD)).hasSize(1);
            }
        }
    },

    FOREIGN_PROC {
        @Override
        void run() {
            assertThatThrownBy(OrphanReaper::install)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot see what it adopts")
                    .hasMessageContaining("a /proc that was mounted in its own pid namespace");
        }
    },

    REFUSED {
        @Override
        boolean adopts() {
            return false;
        }

        @Override
        void run() {
            assertThatThrownBy(OrphanReaper::install)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "adopts no orphans: it is neither process 1 of its pid namespace nor a subreaper")
                    .hasMessageContaining("PR_SET_CHILD_SUBREAPER");
            assertThat(ProcFs.threadsNamed(THREAD)).isEmpty();
        }
    };

    private static final int COUNT = 20;
    private static final int ROUNDS = 5;
    static final Duration GRACE = Duration.ofMillis(100);
    static final String THREAD = "spawn4j-orphans";

    abstract void run() throws Exception;

    boolean adopts() {
        return true;
    }

    /** Runs a case. */
    public static void main(String[] arguments) throws Exception {
        OrphanReaperCases one = valueOf(arguments[0]);
        if (one.adopts() && ProcFs.self() != 1) {
            TestTools.ok(TestTools.natives().subreaper(1));
        }
        one.run();
        System.exit(0); // children of a case that failed hold nobody up
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int exitCode(Process process) throws InterruptedException {
        return process.waitFor();
    }

    static void awaitZombies(List<Long> pids) {
        await().untilAsserted(() -> assertThat(ProcFs.zombies()).containsAll(pids));
    }

    static void awaitGone(List<Long> pids) {
        await().untilAsserted(() -> assertThat(ProcFs.children()).doesNotContainAnyElementsOf(pids));
    }

    /** The children of this JVM's first thread. */
    static List<Long> adopted() throws IOException {
        String list = Files.readString(Path.of("/proc/self/task/" + ProcFs.self() + "/children"));
        return list.isBlank()
                ? List.of()
                : Stream.of(list.strip().split(" ")).map(Long::valueOf).toList();
    }

    /** Starts a child on a thread that is gone afterwards, so that the child is listed where adopted ones are. */
    static <T> T onThreadThatEnds(Callable<T> start) throws Exception {
        FutureTask<T> task = new FutureTask<>(start);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }

    /** The first there is of threads whose names begin so. */
    private static long threadLike(String... names) {
        return Stream.of(names)
                .flatMap(name -> ProcFs.threads().entrySet().stream()
                        .filter(thread -> thread.getValue().startsWith(name)))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static void outlivesYoungerOrphans(long zombie, OrphanReaper reaper) {
        for (int round = 1; round <= ROUNDS; round++) {
            awaitGone(Orphans.make(1));
        }
        assertThat(reaper.reaped()).isEqualTo(ROUNDS);
        assertThat(ProcFs.zombies()).containsExactly(zombie);
    }

    /** The thread that collects the child's status stands still while younger orphans come and go. */
    private static void keepsStatusWhileFrozen(Process child, long thread, OrphanReaper reaper) throws Exception {
        await().until(() -> adopted().contains(child.pid()));
        try (Freeze frozen = Freeze.thread(thread)) {
            child.getOutputStream().close();
            awaitZombies(List.of(child.pid()));
            outlivesYoungerOrphans(child.pid(), reaper);
            assertThat(frozen.lines()).containsExactly("frozen");
        }
        assertThat(child.waitFor()).isEqualTo(7);
    }
}
