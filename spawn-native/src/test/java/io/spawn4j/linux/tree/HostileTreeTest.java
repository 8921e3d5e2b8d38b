// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.LimitedCgroup;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresLimitedCgroup;
import io.spawn4j.linux.support.TestTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees that do not want to die, and trees that attack the process which supervises them. */
@Requires({Ability.FIRST_JDK, Ability.NATIVE_ENGINE, Ability.PIDFDS})
class HostileTreeTest {
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;
    private static final int SIGTERM = 15;
    /** Of a number that no other suite on this host uses at the same time. */
    private static final String FRESH_USER = Long.toString(100_000 + ProcFs.self());

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FEW_PROCESSES = 120;
    private static final int LOOKS = 5;

    private final MarkedTree tree = MarkedTree.fresh();
    private LeakCheck leaks;

    @BeforeEach
    void warmUp() throws Exception {
        assertThat(new SpawnBuilder("true")
                        .policy(SpawnPolicy.builder().noNewPrivileges().build())
                        .start()
                        .waitFor())
                .isZero();
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
        await().untilAsserted(() -> assertThat(Cgroup2.leavesOf(ProcFs.self())).isEmpty());
        leaks.assertClean();
    }

    static Stream<Containment> holdingEverything() {
        return GrantedContainments.all().stream().filter(containment -> containment != Containment.PROCESS_GROUP);
    }

    static Stream<Containment> besideAJoinedCgroup() {
        return holdingEverything().filter(containment -> containment != Containment.CGROUP);
    }

    private ChildProcess start(SpawnPolicy.Builder policy, String... command) throws Exception {
        return tree.mark(new SpawnBuilder(command)).policy(policy.build()).start();
    }

    private static SpawnPolicy.Builder under(Containment containment) {
        return SpawnPolicy.builder().containment(containment);
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    @Requires(Ability.ROOT)
    @DisplayName("F12: a fork bomb held by RLIMIT_NPROC is ended with proof")
    void forkBombHeldByALimit(Containment containment) throws Exception {
        ChildProcess child = start(
                under(containment)
                        .user(FRESH_USER)
                        .group(FRESH_USER)
                        .resourceLimit(ResourceLimit.NPROC, FEW_PROCESSES, FEW_PROCESSES),
                TestTools.path("bomb"));
        await().atMost(PATIENCE).until(() -> tree.alive().size() > FEW_PROCESSES - 10);
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).as(report.toString()).isTrue();
        assertThat(tree.alive()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("besideAJoinedCgroup")
    @Requires(Ability.ROOT)
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName("F12: a fork bomb held by pids.max is ended with proof")
    void forkBombHeldByACgroup(Containment containment) throws Exception {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.PIDS)) {
            Files.writeString(cgroup.directory().resolve("pids.max"), Integer.toString(FEW_PROCESSES));
            ChildProcess child = start(under(containment).joinCgroup(cgroup.directory()), TestTools.path("bomb"));
            await().atMost(PATIENCE).until(() -> tree.alive().size() > FEW_PROCESSES - 10);
            KillReport report = child.killTree(Duration.ZERO);
            assertThat(report.empty()).as(report.toString()).isTrue();
            assertThat(tree.alive()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void descendantThatBecomesASubreaperKeepsNothing(Containment containment) throws Exception {
        ChildProcess child = start(
                under(containment),
                "sh",
                "-c",
                TestTools.path("become")
                        + " subreaper sh -c 'setsid --fork sleep 1000; echo ready; sleep 1000' & wait");
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).as(report.toString()).isTrue();
        assertThat(tree.alive()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void supervisorThatIsStoppedIsWoken(Containment containment) throws Exception {
        ChildProcess child = start(under(containment), "sh", "-c", "kill -STOP $PPID; echo done; sleep 1000");
        assertThat(child.inputReader().readLine()).isEqualTo("done");
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).as(report.toString()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void supervisorThatIsKilledTakesTheChildAlong(Containment containment) throws Exception {
        ChildProcess child = start(under(containment), "sh", "-c", "read line; kill -KILL $PPID; sleep 1000");
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
        if (containment == Containment.PID_NAMESPACE) {
            // Pid 1 of a namespace does not hear what its own processes send (pid_namespaces(7)).
            await().until(() -> tree.alive().size() > 1);
            assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
            return;
        }
        assertThat(child.exitStatus()).isInstanceOf(ExitStatus.Unknown.class);
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).isFalse();
        assertThat(report.evidence()).contains("spawn4j-init was killed");
        // What the program had started itself lives on under a subreaper: the documented escape.
        if (containment == Containment.SUBREAPER) {
            await().until(() -> {
                tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
                return tree.alive().isEmpty();
            });
        }
    }

    @Test
    void descendantThatLeavesTheProcessGroupEscapes() throws Exception {
        ChildProcess child = start(
                under(Containment.PROCESS_GROUP),
                "sh",
                "-c",
                "sleep 1000 & setsid --fork sleep 1000; echo ready; wait");
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        await().until(() -> tree.alive().size() == 3 && tree.inOtherSessions().size() == 1);
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).isTrue();
        assertThat(report.evidence()).contains("one that left it is not known");
        assertThat(tree.alive()).as("the documented escape").hasSize(1);
        tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
    }

    @Test
    void programThatLeavesItsOwnGroupIsEndedAllTheSame() throws Exception {
        String own = Files.readString(Path.of("/proc/self/stat")).split(" ")[4];
        ChildProcess child = start(
                under(Containment.PROCESS_GROUP),
                TestTools.path("become"),
                "member=" + own,
                "sh",
                "-c",
                "echo ready; exec sleep 1000");
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
    }

    @Test
    @Requires({Ability.ROOT, Ability.CGROUP2})
    void descendantThatLeavesItsCgroupAndRemovesItIsFoundAsADescendant() throws Exception {
        ChildProcess child =
                start(under(Containment.CGROUP), "sh", "-c", "read line; sleep 1000 & echo $!; exec sleep 1000");
        Path leaf = Cgroup2.leavesOf(ProcFs.self()).get(0);
        Files.writeString(leaf.resolveSibling("cgroup.procs"), Long.toString(child.pid()));
        Files.delete(leaf);
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
        long descendant = Long.parseLong(child.inputReader().readLine());
        long supervisor = Long.parseLong(ProcFs.status(child.pid(), "PPid").orElseThrow());
        child.signal(Signal.SIGKILL);
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
        assertThat(ProcFs.isRunning(descendant)).isTrue();
        // It waits for the descendant, and does not turn in circles over a file that is gone.
        await().until(() -> ProcFs.state(supervisor).orElseThrow() == 'S');
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).as(report.toString()).isTrue();
        assertThat(ProcFs.isRunning(descendant)).isFalse();
    }

    /** Starts the tree of its argument under a containment, and waits. */
    public static final class Parent {
        private Parent() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            ChildProcess child = new MarkedTree(arguments[1])
                    .builder()
                    .policy(under(Containment.valueOf(arguments[0])).build())
                    .start();
            System.out.println(child.inputReader().readLine());
            System.in.read();
        }
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void treeOfAStoppedJvmLivesOnAndDiesWithIt(Containment containment) throws Exception {
        try (NestedJvm.Running jvm =
                NestedJvm.of(Parent.class, containment.name(), tree.mark()).start()) {
            jvm.awaitLine("ready");
            await().until(() -> tree.alive().size() >= MarkedTree.PROCESSES);
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGSTOP));
            await().until(() -> ProcFs.state(jvm.pid()).orElseThrow() == 'T');
            assertThat(tree.alive()).hasSizeGreaterThanOrEqualTo(MarkedTree.PROCESSES);
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
            await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
            assertThat(Cgroup2.leavesOf(jvm.pid())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void treeOfAJvmThatExitsDiesWithIt(Containment containment) throws Exception {
        try (NestedJvm.Running jvm =
                NestedJvm.of(Parent.class, containment.name(), tree.mark()).start()) {
            jvm.awaitLine("ready");
            await().until(() -> tree.alive().size() >= MarkedTree.PROCESSES);
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGTERM)); // to which a JVM exits in order
            await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
            await().untilAsserted(() -> assertThat(Cgroup2.leavesOf(jvm.pid())).isEmpty());
        }
    }

    @Test
    void membersOfTheProcessGroupDieWithTheJvmAndOthersDoNot() throws Exception {
        try (NestedJvm.Running jvm = NestedJvm.of(Parent.class, Containment.PROCESS_GROUP.name(), tree.mark())
                .start()) {
            jvm.awaitLine("ready");
            await().until(() -> tree.inOtherSessions().size() == MarkedTree.IN_OTHER_SESSIONS);
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
            await().untilAsserted(() -> {
                assertThat(tree.supervisors()).isEmpty();
                assertThat(tree.alive()).as("the documented escape").hasSize(MarkedTree.IN_OTHER_SESSIONS);
            });
            tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
        }
    }

    /** Holds a set-user-ID descendant that has become root in every respect, and tries to end it. */
    public static final class OrdinaryParent {
        private OrdinaryParent() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            Containment containment = Containment.valueOf(arguments[0]);
            ChildProcess child = new MarkedTree(arguments[1])
                    .mark(new SpawnBuilder(
                            "sh",
                            "-c",
                            arguments[2] + " root sh -c 'echo ready; exec sleep 1000' || echo refused; wait"))
                    .policy(under(containment).build())
                    .start();
            String said = child.inputReader().readLine();
            KillReport report = child.killTree(Duration.ZERO);
            System.out.println(said + " " + report.empty() + " "
                    + report.left().stream().map(KillReport.Survivor::why).toList());
        }
    }

    @Test
    @Requires({Ability.ROOT, Ability.PID_NAMESPACES})
    void setUserIdDescendantIsBeyondAnOrdinarySubreaperButNotBeyondANamespace() throws Exception {
        Path file = Files.copy(
                Path.of(TestTools.path("become")), Path.of("/usr/local/bin/spawn4j-become-" + ProcFs.self()));
        try (ForeignUser user = ForeignUser.create()) {
            Command.run("chmod", "4755", file.toString()).orThrow();
            assertThat(setUserId(user, Containment.SUBREAPER, file))
                    .endsWith("ready false [the kernel refuses the signal: EPERM (Operation not permitted)]\n");
            assertThat(tree.alive()).as("the documented escape").hasSize(1);
            tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
            assertThat(setUserId(user, Containment.PID_NAMESPACE, file)).endsWith("refused true []\n");
            assertThat(setUserId(user, Containment.PROCESS_GROUP, file))
                    .endsWith("ready false [the kernel refuses the signal: EPERM (Operation not permitted)]\n");
            // Its supervisor, now without a JVM, sleeps between two attempts.
            long supervisor = tree.supervisors().get(0);
            for (int i = 0; i < LOOKS; i++) {
                await().until(() -> ProcFs.state(supervisor).orElseThrow() == 'S');
            }
            tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
            await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
        } finally {
            Files.delete(file);
        }
    }

    private String setUserId(ForeignUser user, Containment containment, Path program) {
        return user.runs(NestedJvm.of(OrdinaryParent.class, containment.name(), tree.mark(), program.toString()))
                .run()
                .orThrow();
    }
}
