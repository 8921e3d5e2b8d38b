// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.Leftovers;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A child under each containment: it runs as without one, and its tree ends when it is told to. */
@Requires({Ability.NATIVE_ENGINE, Ability.PIDFDS})
class ContainmentTest {
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
        leaks.assertClean();
    }

    static Stream<Containment> granted() {
        return GrantedContainments.all().stream();
    }

    static Stream<Containment> holdingEverything() {
        return granted().filter(containment -> containment != Containment.PROCESS_GROUP);
    }

    private static SpawnPolicy.Builder under(Containment containment) {
        return SpawnPolicy.builder().containment(containment);
    }

    private static ChildProcess start(SpawnPolicy.Builder policy, String... command) throws IOException {
        return new SpawnBuilder(command).policy(policy.build()).start();
    }

    private static String output(Process child) throws IOException {
        return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("granted")
    void childRunsAsWithoutIt(Containment containment) throws Exception {
        ChildProcess child = start(under(containment), "sh", "-c", "cat; echo out; echo error >&2; exit 7");
        assertThat(child.containment()).isEqualTo(containment);
        assertThat(ProcFs.isRunning(child.pid())).isTrue();
        assertThat(ProcFs.commandLine(child.pid())).startsWith("sh");
        child.getOutputStream().write("in\n".getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().close();
        assertThat(output(child)).isEqualTo("in\nout\n");
        assertThat(new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("error\n");
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(child.resourceUsage().orElseThrow().minorFaults()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("granted")
    void signalDeathIsTold(Containment containment) throws Exception {
        ChildProcess child = start(under(containment), "sleep", "1000");
        child.signal(Signal.SIGUSR1);
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGUSR1, false));
    }

    @ParameterizedTest
    @MethodSource("granted")
    void failuresOfTheExecAreAsWithoutIt(Containment containment) {
        SpawnException missing = Assertions.catchThrowableOfType(
                SpawnException.class, () -> start(under(containment), "/no/such/program"));
        assertThat(missing.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(missing.errnoName()).isEqualTo("ENOENT");
        SpawnException nice = Assertions.catchThrowableOfType(
                SpawnException.class, () -> start(under(containment).cpuAffinity(1000), "true"));
        assertThat(nice.stage()).isEqualTo(SpawnStage.AFFINITY);
        assertThat(nice.errnoName()).isEqualTo("EINVAL");
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void killTreeEndsEverything(Containment containment) throws Exception {
        MarkedTree tree = MarkedTree.fresh();
        ChildProcess child = tree.builder().policy(under(containment).build()).start();
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        await().until(() -> tree.alive().size() >= MarkedTree.PROCESSES);
        KillReport report = child.killTree(Duration.ofMillis(50));
        assertThat(tree.alive()).isEmpty();
        assertThat(report.containment()).isEqualTo(containment);
        assertThat(report.empty()).as(report.toString()).isTrue();
        assertThat(report.left()).isEmpty();
        assertThat(report.signalled()).isGreaterThanOrEqualTo(MarkedTree.PROCESSES);
        // A shell of the tree may have reaped one between the two signals.
        assertThat(report.reaped()).isGreaterThanOrEqualTo(MarkedTree.PROCESSES / 2);
        assertThat(report.took()).isBetween(Duration.ofMillis(50), Duration.ofSeconds(3));
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
        assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("granted")
    void childThatHeedsTermHasItsGrace(Containment containment) throws Exception {
        ChildProcess child =
                start(under(containment), "sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        KillReport report = child.killTree(Duration.ofSeconds(30));
        assertThat(report.empty()).isTrue();
        assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(3));
    }

    @ParameterizedTest
    @MethodSource("holdingEverything")
    void leftoversLiveOnByDefaultAndDieWhenTold(Containment containment) throws Exception {
        MarkedTree tree = MarkedTree.fresh();
        ChildProcess child = tree.mark(new SpawnBuilder("sh", "-c", "setsid --fork sleep 1000; exit 4"))
                .policy(under(containment).build())
                .start();
        assertThat(child.waitFor()).isEqualTo(4);
        assertThat(tree.alive()).hasSize(1);
        KillReport report = child.killTree(Duration.ofSeconds(5));
        assertThat(report.empty()).isTrue();
        assertThat(report.signalled()).isEqualTo(1);
        assertThat(tree.alive()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("granted")
    void leftoversAreKilledWhereThePolicySaysSo(Containment containment) throws Exception {
        MarkedTree tree = MarkedTree.fresh();
        ChildProcess child = tree.mark(new SpawnBuilder("sh", "-c", "sleep 1000 & exit 4"))
                .policy(under(containment).leftovers(Leftovers.KILL).build())
                .start();
        assertThat(child.waitFor()).isEqualTo(4);
        await().untilAsserted(() -> assertThat(tree.alive()).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("granted")
    void leftoversAreWaitedForWhereThePolicySaysSo(Containment containment) throws Exception {
        ChildProcess child = start(
                under(containment).leftovers(Leftovers.WAIT),
                "sh",
                "-c",
                "exec 3<&0; (read line <&3; echo late) & exit 4");
        await().until(() -> !ProcFs.isRunning(child.pid()));
        assertThat(child.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        child.getOutputStream().close();
        assertThat(child.waitFor()).isEqualTo(4);
        assertThat(output(child)).isEqualTo("late\n");
    }

    @ParameterizedTest
    @MethodSource("granted")
    void supervisorKeepsNothingOfTheChilds(Containment containment) throws Exception {
        ChildProcess child = start(under(containment), "sleep", "1000");
        long supervisor = Long.parseLong(ProcFs.status(child.pid(), "PPid").orElseThrow());
        assertThat(supervisor).isNotEqualTo(ProcFs.self());
        await().untilAsserted(() ->
                assertThat(ProcFs.descriptors(supervisor).values()).noneMatch(file -> file.startsWith("pipe:")));
        assertThat(ProcFs.status(supervisor, "VmRSS").orElseThrow())
                .matches(size -> Integer.parseInt(size.split(" ")[0]) < 200);
        assertThat(java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/" + supervisor + "/cwd")))
                .hasToString("/");
        assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("granted")
    void childIsInTheGroupAndSessionThatItWouldBeIn(Containment containment) throws Exception {
        for (SpawnPolicy.Builder policy :
                List.of(under(containment), under(containment).newSession())) {
            ChildProcess child = start(policy, "sleep", "1000");
            String[] own = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/stat"))
                    .split(" ");
            String[] its = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + child.pid() + "/stat"))
                    .split(" ");
            boolean leads = policy.build().newSession();
            String pid = Long.toString(child.pid());
            assertThat(its[4]).isEqualTo(leads || containment == Containment.PROCESS_GROUP ? pid : own[4]);
            assertThat(its[5]).isEqualTo(leads ? pid : own[5]);
            child.killTree(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @MethodSource("granted")
    void descriptorsWithHighNumbersAreTheChildsAlone(Containment containment) throws Exception {
        SpawnPolicy.Builder policy = under(containment);
        for (int number : List.of(3, 5, 9, 200, 1023)) {
            policy.extraFile(number, ProcessBuilder.Redirect.DISCARD);
        }
        ChildProcess child = start(policy, TestTools.path("fdlist"));
        List<String> numbers = output(child)
                .lines()
                .map(line -> line.split("\\s")[0])
                .filter(number -> number.matches("\\d+"))
                .toList();
        assertThat(child.waitFor()).isZero();
        assertThat(numbers).contains("0", "1", "2", "3", "5", "9", "200", "1023");
        ChildProcess stays = start(policy, "sleep", "1000");
        long supervisor = Long.parseLong(ProcFs.status(stays.pid(), "PPid").orElseThrow());
        await().untilAsserted(() -> assertThat(ProcFs.descriptors(supervisor).values())
                .noneMatch(file -> file.startsWith("pipe:") || file.equals("/dev/null")));
        assertThat(stays.killTree(Duration.ZERO).empty()).isTrue();
    }
}
