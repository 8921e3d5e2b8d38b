// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.HangFs;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Run by {@link HungFileSystemTest} in a JVM with a mount namespace of its own. */
class HungFileSystemCases {
    private static final Duration START_TIMEOUT = Duration.ofMillis(700);

    private static final int MANY = 20;
    private static final int SIGKILL = 9;

    /** An odd number of measurements, each so long. */
    private static final int TURNS = 9;

    private static final Duration TURN = Duration.ofMillis(250);
    private static final Duration WARM_UP = Duration.ofSeconds(1);

    private HangFs files;
    private LeakCheck leaks;

    // The library keeps what so many requests at a time needed: that is no leak.
    @BeforeAll
    static void warmUp() throws Exception {
        new SpawnBuilder(TestTools.path("tiny"))
                .policy(SpawnPolicy.builder().noNewPrivileges().build())
                .start()
                .waitFor();
        try (HangFs hung = HangFs.mount()) {
            giveUp(hung, MANY + 4);
            hung.release();
        }
    }

    @BeforeEach
    void mount() throws Exception {
        await("slots are back")
                .until(() -> ProcFs.threadsNamed("spawn4j-abandon").isEmpty());
        files = HangFs.mount();
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void nothingIsLeftOnceTheFileSystemAnswers() {
        files.release();
        leaks.assertClean();
        files.close();
    }

    @Test
    void execThatHangsTimesOut() {
        SpawnException failure = timesOut(new SpawnBuilder(files.file("exec").toString()));
        assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(failure).hasMessageContaining("Cannot run program \"" + files.file("exec") + "\": error=110");
    }

    @Test
    void lookupThatHangsTimesOut() {
        assertThat(timesOut(new SpawnBuilder(files.file("lost").toString())).stage())
                .isEqualTo(SpawnStage.EXEC);
    }

    @Test
    void directoryThatHangsTimesOut() {
        SpawnException failure = timesOut(new SpawnBuilder(TestTools.path("tiny"))
                .directory(files.file("cwd").toFile()));
        assertThat(failure.stage()).isEqualTo(SpawnStage.DIRECTORY);
    }

    @Test
    void manyHungStartsAreAllGivenUp() {
        giveUp(files, MANY);
    }

    @Test
    void startTimeoutBoundsTheExecBehindTheHelper() {
        SpawnPolicy policy = SpawnPolicy.builder()
                .startTimeout(START_TIMEOUT)
                .noNewPrivileges()
                .build();
        SpawnException failure = failure(new SpawnBuilder(files.file("exec").toString()).policy(policy));
        assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(failure.errnoName()).isEqualTo("ETIMEDOUT");
    }

    @Test
    void startTimeoutBoundsTheExecOfAContainedChild() {
        for (Containment containment : GrantedContainments.all()) {
            SpawnPolicy policy = SpawnPolicy.builder()
                    .startTimeout(START_TIMEOUT)
                    .containment(containment)
                    .build();
            SpawnException failure = failure(new SpawnBuilder(files.file("exec").toString()).policy(policy));
            assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
            assertThat(failure.errnoName()).isEqualTo("ETIMEDOUT");
        }
    }

    @Test
    @DisplayName(
            "S5: killTree of a tree with a process that hangs in a file system returns at its deadline and names it")
    void killTreeSaysWhoHangs() throws Exception {
        int trees = 0;
        for (Containment containment : GrantedContainments.all()) {
            ChildProcess child = new SpawnBuilder("sh", "-c", "cat " + files.file("stuck") + " & wait")
                    .policy(SpawnPolicy.builder().containment(containment).build())
                    .start();
            files.awaitHeld("OPEN", "stuck", ++trees);
            KillReport report = child.killTree(Duration.ZERO);
            assertThat(report.empty()).as(report.toString()).isFalse();
            assertThat(report.took()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
            assertThat(report.left()).hasSize(1);
            assertThat(report.left().get(0).why())
                    .isEqualTo("SIGKILL is pending; in uninterruptible sleep (state D) in the kernel");
            assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
        }
    }

    @Test
    @DisplayName("F18: an interrupt ends a start whose exec behind the helper hangs")
    void interruptEndsAStartThatHangsBehindTheHelper() throws Exception {
        interruptEndsAStartThatHangs(SpawnPolicy.builder().noNewPrivileges().build());
    }

    @Test
    @DisplayName("F18: an interrupt ends a start that hangs")
    void interruptEndsAStartThatHangs() throws Exception {
        interruptEndsAStartThatHangs(SpawnPolicy.defaults());
    }

    private void interruptEndsAStartThatHangs(SpawnPolicy policy) throws Exception {
        FutureTask<Boolean> start = new FutureTask<>(() -> {
            SpawnException failure = failure(new SpawnBuilder(files.file("exec").toString()).policy(policy));
            assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
            assertThat(failure.errnoName()).isEqualTo("EINTR");
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = new Thread(start, "hung-caller");
        caller.start();
        files.awaitHeld("READ", "exec", 1);
        caller.interrupt();
        assertThat(start.get(10, TimeUnit.SECONDS)).as("still interrupted").isTrue();
        caller.join();
    }

    @Test
    void startThatHangsGoesOnWhenTheFileSystemAnswers() throws Exception {
        FutureTask<Integer> start = inBackground(
                () -> new SpawnBuilder(files.file("exec").toString()).start().waitFor());
        files.awaitHeld("READ", "exec", 1);
        files.release();
        assertThat(start.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void startThatHangsBehindTheHelperGoesOnWhenTheFileSystemAnswers() throws Exception {
        FutureTask<Integer> start =
                inBackground(() -> new SpawnBuilder(files.file("exec").toString())
                        .policy(SpawnPolicy.builder().noNewPrivileges().build())
                        .start()
                        .waitFor());
        files.awaitHeld("READ", "exec", 1);
        files.release();
        assertThat(start.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void startThatFailsLateSaysWhy() throws Exception {
        FutureTask<SpawnException> start =
                inBackground(() -> failure(new SpawnBuilder(files.file("exec").toString())));
        files.awaitHeld("READ", "exec", 1);
        files.fail();
        assertThat(start.get(10, TimeUnit.SECONDS).errnoName()).isEqualTo("EIO");
    }

    // Alone and beside a hung exec by turns, each for as long and compared with its neighbour: what else the machine
    // does hits both alike.
    @Test
    void othersSpawnAtFullRateMeanwhile() throws Exception {
        spawnsWithin(WARM_UP);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            int alone = spawnsWithin(TURN);
            int beside = spawnsBesideHungExec();
            System.out.println("spawns in " + TURN.toMillis() + " ms: " + alone + ", beside a hung one: " + beside);
            ratios.add((double) beside / alone);
        }
        assertThat(median(ratios))
                .as("the rate beside a hung exec, by the rate alone: " + ratios)
                .isGreaterThanOrEqualTo(0.5);
    }

    private static int spawnsBesideHungExec() throws Exception {
        try (HangFs hung = HangFs.mount()) {
            FutureTask<Integer> start = inBackground(
                    () -> new SpawnBuilder(hung.file("exec").toString()).start().waitFor());
            hung.awaitHeld("READ", "exec", 1);
            int spawns = spawnsWithin(TURN);
            assertThat(start.isDone()).as("no longer hung").isFalse();
            hung.release();
            assertThat(start.get(10, TimeUnit.SECONDS)).isEqualTo(7);
            return spawns;
        }
    }

    @Test
    void redirectThatHangsInOpenHoldsUpItsOwnCallerOnly() throws Exception {
        FutureTask<Integer> hung = inBackground(() -> new SpawnBuilder("cat")
                .redirectInput(files.file("stuck").toFile())
                .start()
                .waitFor());
        files.awaitHeld("OPEN", "stuck", 1);
        spawnTiny();
        assertThat(hung.isDone()).isFalse();
        files.release();
        assertThat(hung.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void redirectThatHangsInCloseHoldsUpItsOwnCallerOnly() throws Exception {
        FutureTask<Integer> hung = inBackground(() -> new SpawnBuilder(TestTools.path("tiny"))
                .redirectOutput(files.file("data").toFile())
                .start()
                .waitFor());
        files.awaitHeld("FLUSH", "data", 1);
        for (int i = 0; i < 20; i++) {
            spawnTiny();
        }
        assertThat(hung.isDone()).isFalse();
        files.release();
        assertThat(hung.get(10, TimeUnit.SECONDS)).isZero();
    }

    /** What a process that a foreign library forks in the middle of a start holds of the child's pipes. */
    private record ForeignFork(List<String> pipeEnds, boolean endOfFileMeanwhile) {
        long wholePipes() {
            return pipeEnds.stream()
                    .distinct()
                    .filter(pipe -> Collections.frequency(pipeEnds, pipe) == 2)
                    .count();
        }
    }

    @Test
    @DisplayName("F6: a foreign fork during a start holds no end of the child's pipes, so that end of file comes")
    void foreignForkHoldsNoPipeOfTheChild() throws Exception {
        ForeignFork fork = forkDuring(() -> new SpawnBuilder(files.file("exec").toString()).start());
        assertThat(fork.pipeEnds).isEmpty();
        assertThat(fork.endOfFileMeanwhile).isTrue();
    }

    @Test
    @DisplayName("F6: a foreign fork during a start of ProcessBuilder's holds both ends of each pipe")
    void foreignForkHoldsThePipesOfProcessBuildersChild() throws Exception {
        ForeignFork fork =
                forkDuring(() -> new ProcessBuilder(files.file("exec").toString()).start());
        // Not asserted: no end of file. A reader that comes after the child's end gets it from ProcessBuilder itself.
        assertThat(fork.wholePipes()).as("ProcessBuilder fails this test").isGreaterThanOrEqualTo(3);
    }

    // The exec hangs, which holds the start where the fork shall find it.
    private ForeignFork forkDuring(Callable<Process> start) throws Exception {
        Set<String> before = ProcFs.pipes();
        FutureTask<Process> child = inBackground(start);
        files.awaitHeld("READ", "exec", 1);
        int foreign = TestTools.ok(TestTools.natives().forkAndHold(600));
        FutureTask<Integer> reader;
        ForeignFork found;
        try {
            files.release();
            Process started = child.get(10, TimeUnit.SECONDS);
            List<String> held = ProcFs.descriptors(foreign).values().stream()
                    .filter(target -> target.startsWith("pipe:") && !before.contains(target))
                    .toList();
            InputStream output = started.getInputStream();
            reader = inBackground(output::read);
            assertThat(started.waitFor()).isEqualTo(7);
            if (held.isEmpty()) {
                assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
            }
            found = new ForeignFork(held, reader.isDone());
        } finally {
            TestTools.ok(TestTools.natives().kill(foreign, SIGKILL));
            await().until(() -> TestTools.natives().reap(foreign) == 0);
        }
        assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        return found;
    }

    private static void giveUp(HangFs hung, int starts) {
        SpawnPolicy brief =
                SpawnPolicy.builder().startTimeout(Duration.ofMillis(50)).build();
        for (int i = 0; i < starts; i++) {
            SpawnException failure = failure(new SpawnBuilder(hung.file("exec").toString()).policy(brief));
            assertThat(failure.errnoName()).isEqualTo("ETIMEDOUT");
        }
    }

    private static SpawnException timesOut(SpawnBuilder builder) {
        builder.policy(SpawnPolicy.builder().startTimeout(START_TIMEOUT).build());
        long began = System.nanoTime();
        SpawnException failure = failure(builder);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertThat(failure.errnoName()).isEqualTo("ETIMEDOUT");
        assertThat(millis).isBetween(START_TIMEOUT.toMillis(), START_TIMEOUT.toMillis() + 4_000);
        return failure;
    }

    private static SpawnException failure(SpawnBuilder builder) {
        return catchThrowableOfType(SpawnException.class, builder::start);
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        CleanThreads.start("in-background", task);
        return task;
    }

    private static int spawnsWithin(Duration duration) throws Exception {
        int spawns = 0;
        for (long end = System.nanoTime() + duration.toNanos(); System.nanoTime() < end; spawns++) {
            spawnTiny();
        }
        return spawns;
    }

    private static double median(List<Double> odd) {
        return odd.stream().sorted().skip(odd.size() / 2).findFirst().orElseThrow();
    }

    private static void spawnTiny() throws Exception {
        ChildProcess child = new SpawnBuilder(TestTools.path("tiny")).start();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
