// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Limits of the cgroup that a tree gets. */
@Requires({Ability.NATIVE_ENGINE, Ability.CGROUP2, Ability.PIDFDS})
class CgroupLimitsTest {
    private static final long BYTES = 64L << 20;
    private static final int TASKS = 40;

    private static SpawnPolicy.Builder inACgroup() {
        return SpawnPolicy.builder().containment(Containment.CGROUP);
    }

    /** Starts a program without a limit, and tries to with each. */
    public static final class Refused {
        private Refused() {}

        /** Argument: a file that no program may make. */
        public static void main(String[] arguments) throws Exception {
            System.out.println("unlimited: "
                    + new SpawnBuilder("true")
                            .policy(inACgroup().build())
                            .start()
                            .waitFor());
            List<SpawnPolicy.Builder> policies = List.of(
                    inACgroup().cgroupMemoryMax(BYTES),
                    inACgroup().cgroupPidsMax(TASKS),
                    inACgroup().cgroupCpuMax(0.5));
            for (SpawnPolicy.Builder policy : policies) {
                LeakCheck leaks = LeakCheck.begin().ignoring("socket:.*");
                SpawnBuilder builder = new SpawnBuilder("touch", arguments[0]).policy(policy.build());
                UnsupportedPolicyException refused =
                        catchThrowableOfType(UnsupportedPolicyException.class, builder::start);
                System.out.println(refused.setting() + " " + refused.stage() + " " + refused.errnoName() + ": "
                        + refused.syscall() + "; " + refused.remedy().replaceFirst(" of the cgroup.*", ""));
                leaks.assertClean();
            }
        }
    }

    @Test
    void refusedWhereTheControllerIsNotPassedOn() throws IOException {
        try (Cgroup2 parent = Cgroup2.create()) { // a fresh one passes nothing on
            Path ran = parent.directory().resolve("ran"); // and takes no files
            String said = NestedJvm.of(Refused.class, ran.toString())
                    .property(EngineOptions.CGROUP, parent.directory().toString())
                    .run()
                    .orThrow();
            assertThat(said.lines())
                    .containsExactly(
                            "unlimited: 0",
                            refusal("cgroupMemoryMax", "memory"),
                            refusal("cgroupPidsMax", "pids"),
                            refusal("cgroupCpuMax", "cpu"));
            try (Stream<Path> left = Files.list(parent.directory())) {
                assertThat(left.filter(Files::isDirectory)).isEmpty();
            }
        }
    }

    private static String refusal(String setting, String controller) {
        return setting + " containment ENOENT: open and write(" + controller + ".max); \"" + controller
                + "\" in cgroup.subtree_control";
    }

    @Test
    @Requires(Ability.CGROUP2_CONTROLLERS)
    void limitsAreThoseOfTheTreesCgroup() throws Exception {
        ChildProcess child = new SpawnBuilder("cat")
                .policy(inACgroup()
                        .cgroupMemoryMax(BYTES)
                        .cgroupPidsMax(TASKS)
                        .cgroupCpuMax(0.5)
                        .build())
                .start();
        List<Path> leaves = Cgroup2.leavesOf(ProcFs.self());
        assertThat(leaves).hasSize(1);
        Path leaf = leaves.get(0);
        assertThat(leaf.resolve("cgroup.procs")).hasContent(Long.toString(child.pid()));
        assertThat(leaf.resolve("memory.max")).hasContent(Long.toString(BYTES));
        assertThat(leaf.resolve("pids.max")).hasContent(Integer.toString(TASKS));
        assertThat(leaf.resolve("cpu.max")).hasContent("50000 100000");
        child.getOutputStream().close();
        assertThat(child.waitFor()).isZero();
        await().untilAsserted(() -> assertThat(leaf).doesNotExist());
    }

    /** Has other children while a greedy one is killed. */
    public static final class Greedy {
        private Greedy() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            MemoryLimitTest.Parent.report(inACgroup().cgroupMemoryMax(BYTES), Containment.CGROUP);
        }
    }

    @Test
    @Requires(Ability.CGROUP2_CONTROLLERS)
    @DisplayName("A tree killed by its own cgroup's memory limit takes nothing else with it")
    void onlyTheTreeDiesOfItsMemoryLimit() {
        assertThat(NestedJvm.of(Greedy.class).run().orThrow().lines())
                .containsExactly(
                        "greedy: Signaled[signal=SIGKILL, coreDumped=false]",
                        "others alive: true true",
                        "JVM as before: true",
                        "trees ended: true true");
    }

    @Test
    @Requires(Ability.CGROUP2_CONTROLLERS)
    @DisplayName("F12: a fork bomb held by its own cgroup's pids.max is ended with proof")
    void forkBombStaysBelowItsLimit() throws Exception {
        MarkedTree tree = MarkedTree.fresh();
        ChildProcess child = tree.mark(new SpawnBuilder(TestTools.path("bomb")))
                .policy(inACgroup().cgroupPidsMax(TASKS).build())
                .start();
        await().until(() -> tree.alive().size() == TASKS);
        assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
        assertThat(tree.all()).isEmpty();
    }
}
