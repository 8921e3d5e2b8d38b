// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** dieWithParent is about the JVM, not about the thread that happened to spawn. */
@RequiresNativeEngine
class ParentDeathTest {
    private static final int SIGKILL = 9;
    private static final int BURST = 8;
    /** S1's own. Only carriers need it: without virtual threads all that could end has been seen to end before. */
    private static final Duration IDLE =
            Duration.ofSeconds(Ability.VIRTUAL_THREADS.missing().isEmpty() ? 60 : 10);

    private final ConcurrentLinkedQueue<ChildProcess> ours = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Process> naive = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> threads = new ConcurrentLinkedQueue<>();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : ours) {
            child.destroyForcibly().waitFor();
        }
        for (Process child : naive) {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("S1: a child of a thread that ends at once lives on")
    void threadThatEndsAtOnceTakesNoChildAlong() throws InterruptedException {
        Thread thread = new Thread(this::startBoth);
        thread.start();
        thread.join();
        assertOnlyTheNaiveDied(1);
    }

    @Test
    @DisplayName("S1: children of a cached pool outlive its idle threads")
    void poolWhoseThreadsExpireTakesNoChildAlong() throws InterruptedException, ExecutionException {
        startBothOnAPoolThatExpires();
        assertOnlyTheNaiveDied(BURST);
    }

    private void startBothOnAPoolThatExpires() throws InterruptedException, ExecutionException {
        // A minute in Executors.newCachedThreadPool(); what matters is that the threads end.
        ThreadPoolExecutor pool = new ThreadPoolExecutor(0, BURST, 20, TimeUnit.MILLISECONDS, new SynchronousQueue<>());
        try {
            CountDownLatch allThere = new CountDownLatch(BURST);
            List<Future<?>> burst = new ArrayList<>();
            for (int i = 0; i < BURST; i++) {
                burst.add(pool.submit(() -> {
                    startBoth();
                    allThere.countDown();
                    allThere.await();
                    return null;
                }));
            }
            for (Future<?> task : burst) {
                task.get();
            }
            await().until(() -> pool.getPoolSize() == 0);
        } finally {
            pool.shutdown();
        }
    }

    private void startBothOnAVirtualThread() throws Exception {
        Thread virtual = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) this::startBoth);
        virtual.join();
    }

    // Longer than the carriers' keep-alive of 30 s. The nested modes see the other threads end, which is what the
    // kernel sees.
    @Test
    @Tag(NestedSuite.MAIN_ONLY)
    @DisplayName("S1: idle for 60 s, or 10 s without virtual threads, children of threads and of pools live on")
    void childrenLiveOnWhileTheJvmIsIdle() throws Exception {
        int count = 1 + BURST;
        Thread thread = new Thread(this::startBoth);
        thread.start();
        thread.join();
        startBothOnAPoolThatExpires();
        if (Ability.VIRTUAL_THREADS.missing().isEmpty()) {
            startBothOnAVirtualThread();
            count++;
        }
        assertThat(ours).hasSize(count);
        await("idle")
                .during(IDLE)
                .atMost(IDLE.plusSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .failFast("a child has died", () -> !oursLive())
                .until(this::oursLive);
        assertOnlyTheNaiveDied(count);
    }

    private void startBoth() {
        try {
            threads.add(TestTools.natives().threadHere());
            ours.add(new SpawnBuilder("sleep", "600")
                    .policy(SpawnPolicy.dieWithParent())
                    .start());
            Process careless = new ProcessBuilder("setpriv", "--pdeathsig", "SIGKILL", "sleep", "600").start();
            naive.add(careless);
            // setpriv has set its signal once it has become sleep.
            await().until(() -> ProcFs.commandLine(careless.pid()).startsWith("sleep"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertOnlyTheNaiveDied(int count) throws InterruptedException {
        await().atMost(Duration.ofSeconds(60)).until(() -> threads.stream().noneMatch(ProcFs.threads()::containsKey));
        assertThat(naive).hasSize(count);
        for (Process child : naive) {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(128 + SIGKILL);
        }
        // The kernel sends the signal to all children of a thread in the moment in which the thread ends.
        assertThat(ours).hasSize(count);
        assertThat(oursLive()).isTrue();
    }

    private boolean oursLive() {
        return ours.stream().allMatch(child -> ProcFs.isRunning(child.pid()));
    }

    /** Starts one child that dies with it and one that does not, says their pids, and ends as it is told. */
    public static final class Parent {
        private Parent() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            long tied = new SpawnBuilder("sleep", "600")
                    .policy(SpawnPolicy.dieWithParent())
                    .start()
                    .pid();
            long loose = new SpawnBuilder("sleep", "600").start().pid();
            System.out.println("tied " + tied + " loose " + loose);
            if (System.in.read() < 0 && arguments[0].equals("HALT")) {
                Runtime.getRuntime().halt(0);
            }
        }
    }

    private enum End {
        SIGKILL,
        EXIT,
        HALT
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("S1, F13: the child is gone when the JVM is, however it went; without the policy it stays")
    void childDiesWithTheJvm(End end) throws InterruptedException {
        try (NestedJvm.Running jvm = NestedJvm.of(Parent.class, end.name()).start()) {
            String[] pids = jvm.awaitLine("tied (\\d+) loose (\\d+)").group().split(" ");
            int tied = Integer.parseInt(pids[1]);
            int loose = Integer.parseInt(pids[3]);
            try {
                assertThat(ProcFs.isRunning(tied)).isTrue();
                if (end == End.SIGKILL) {
                    TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
                    jvm.process().waitFor();
                } else {
                    assertThat(jvm.await().exitCode()).isZero();
                }
                await().until(() -> !ProcFs.isRunning(tied));
                assertThat(ProcFs.isRunning(loose)).isTrue();
            } finally {
                TestTools.ok(TestTools.natives().kill(loose, SIGKILL));
                // -ESRCH, unless the test has failed.
                TestTools.natives().kill(tied, SIGKILL);
            }
        }
    }

    @Test
    void anySignalCanBeTheOne() {
        SpawnPolicy policy =
                SpawnPolicy.builder().parentDeathSignal(Signal.SIGUSR2).build();
        assertThat(ChildState.under(policy)).containsEntry("pdeathsig", "12");
        assertThat(ChildState.under(SpawnPolicy.defaults())).containsEntry("pdeathsig", "0");
    }

    @Test
    void childThatDiesWithTheParentEndsByItselfAsWell() throws Exception {
        ChildProcess child = new SpawnBuilder(TestTools.command("tiny", "7"))
                .policy(SpawnPolicy.dieWithParent())
                .start();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(7));
    }
}
