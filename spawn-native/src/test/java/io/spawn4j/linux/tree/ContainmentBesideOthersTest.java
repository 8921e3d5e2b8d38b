// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.JvmAttributes;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trees that come and go, beside children of ProcessBuilder, beside each other, and in a JVM that stays as it is. */
@Requires({Ability.NATIVE_ENGINE, Ability.PIDFDS})
class ContainmentBesideOthersTest {
    private static final int THREADS = 3;
    private static final int CHILDREN = 60;
    private static final int TREES = 5;
    private static final int STARTS = 100;

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        CleanThreads.start("in-background", task);
        return task;
    }

    @Test
    void statusesOfProcessBuildersChildrenAreRightMeanwhile() throws Exception {
        startAndKillTrees(1);
        LeakCheck leaks = LeakCheck.begin();
        Map<String, String> before = JvmAttributes.now();
        FutureTask<Integer> trees = inBackground(() -> startAndKillTrees(Scale.of(TREES)));
        List<FutureTask<List<Integer>>> others = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            others.add(inBackground(ContainmentBesideOthersTest::codesOfProcessBuilder));
        }
        for (FutureTask<List<Integer>> other : others) {
            assertThat(other.get()).isEmpty();
        }
        assertThat(trees.get()).isPositive();
        leaks.assertClean();
        assertThat(JvmAttributes.now()).isEqualTo(before);
    }

    /** The wrong ones. */
    private static List<Integer> codesOfProcessBuilder() throws Exception {
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < Scale.of(CHILDREN); i++) {
            int code = new ProcessBuilder("sh", "-c", "exit " + i % 256).start().waitFor();
            if (code != i % 256) {
                wrong.add(code);
            }
        }
        return wrong;
    }

    private static int startAndKillTrees(int rounds) throws Exception {
        int killed = 0;
        for (int i = 0; i < rounds; i++) {
            for (Containment containment : GrantedContainments.all()) {
                MarkedTree tree = MarkedTree.fresh();
                ChildProcess child = tree.builder()
                        .policy(SpawnPolicy.builder().containment(containment).build())
                        .start();
                assertThat(child.inputReader().readLine()).isEqualTo("ready");
                assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
                assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
                if (containment == Containment.PROCESS_GROUP) {
                    endWhatEscaped(tree);
                }
                assertThat(tree.alive()).as("of %s", containment).isEmpty();
                killed++;
            }
        }
        return killed;
    }

    // A group's deserters go on forking while they are looked for.
    private static void endWhatEscaped(MarkedTree tree) {
        await().until(() -> {
            List<Long> escaped = tree.alive();
            escaped.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return escaped.isEmpty();
        });
    }

    @Test
    @DisplayName("F18: a contained start that is given up, however far it was, leaves nothing of the tree")
    void startsThatAreGivenUpLeaveNothing() throws Exception {
        startAndKillTrees(1);
        // Slots of starts that were given up come back later, and the engine keeps as many as it needed at a time.
        LeakCheck leaks = LeakCheck.begin().ignoring("socket:.*");
        Random random = new Random();
        MarkedTree tree = MarkedTree.fresh();
        int givenUp = 0;
        for (int i = 0; i < Scale.of(STARTS); i++) {
            for (Containment containment : GrantedContainments.all()) {
                SpawnBuilder builder = tree.mark(new SpawnBuilder("sh", "-c", "sleep 1000 & sleep 1000"))
                        .policy(SpawnPolicy.builder()
                                .containment(containment)
                                .startTimeout(Duration.ofNanos(50_000 + random.nextInt(3_000_000)))
                                .build());
                try {
                    builder.start().killTree(Duration.ZERO);
                } catch (SpawnException e) {
                    assertThat(e.errnoName()).isEqualTo("ETIMEDOUT");
                    givenUp++;
                }
            }
        }
        System.out.println("F18: " + givenUp + " contained starts given up");
        await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
        await().untilAsserted(() -> assertThat(Cgroup2.leavesOf(ProcFs.self())).isEmpty());
        leaks.assertClean();
    }

    @Test
    void childrenComeAndGoByTheHundred() throws Exception {
        startAndKillTrees(1);
        LeakCheck leaks = LeakCheck.begin();
        for (int i = 0; i < Scale.of(TREES * TREES); i++) {
            List<ChildProcess> children = new ArrayList<>();
            for (Containment containment : GrantedContainments.all()) {
                children.add(new SpawnBuilder("sh", "-c", "exit " + i % 256)
                        .policy(SpawnPolicy.builder().containment(containment).build())
                        .start());
            }
            for (ChildProcess child : children) {
                assertThat(child.waitFor()).isEqualTo(i % 256);
            }
        }
        leaks.assertClean();
    }

    /** Has a stopped child in its process group while contained ones come and go. */
    public static final class WithOneStopped {
        private WithOneStopped() {}

        /** Runs it. */
        public static void main(String[] containments) throws Exception {
            Process stopped = new ProcessBuilder("sh", "-c", "kill -STOP $$").start();
            await().until(() -> ProcFs.state(stopped.pid()).equals(Optional.of('T')));
            for (String containment : containments) {
                ChildProcess child = new SpawnBuilder("sh", "-c", "sleep 1000 & exit 7")
                        .policy(SpawnPolicy.builder()
                                .containment(Containment.valueOf(containment))
                                .build())
                        .start();
                System.out.println(containment + " " + child.waitFor() + " "
                        + child.killTree(Duration.ZERO).empty());
            }
            stopped.destroyForcibly();
        }
    }

    @Test
    @DisplayName("The end of a tree sends no SIGHUP to the JVM's process group, even with a stopped process in it")
    void endOfTreeDoesNotMakeTheJvmsGroupNewlyOrphaned() {
        // Below setsid(1), as below cron, the group is orphaned. One that becomes so with a stopped process in it is
        // sent SIGHUP, setpgid(2).
        String[] containments =
                GrantedContainments.all().stream().map(Containment::name).toArray(String[]::new);
        String said = NestedJvm.of(WithOneStopped.class, containments)
                .through("setsid")
                .run()
                .orThrow();
        assertThat(said.lines().filter(line -> !line.contains(" WARN ")))
                .hasSameSizeAs(containments)
                .allMatch(line -> line.endsWith(" 7 true"));
    }
}
