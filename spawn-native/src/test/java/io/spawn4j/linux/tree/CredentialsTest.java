// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.Capability;
import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.kernel.Binaries;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.FailingCalls;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.JvmAttributes;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** User, groups, capabilities, OOM score: as the kernel tells them of the child, and never the JVM's. */
@Requires({Ability.FIRST_JDK, Ability.NATIVE_ENGINE, Ability.ROOT})
class CredentialsTest {
    private static final int SIGKILL = 9;
    private static final String NOBODY = "65534";
    private static final String NONE = "0000000000000000";

    private Map<String, String> before;
    private LeakCheck leaks;

    @BeforeEach
    void lookAtTheJvm() throws Exception {
        assertThat(start(SpawnPolicy.builder().noNewPrivileges(), "true").waitFor())
                .isZero();
        leaks = LeakCheck.begin();
        before = JvmAttributes.now();
    }

    @AfterEach
    void jvmIsAsBefore() throws IOException {
        leaks.assertClean();
        assertThat(JvmAttributes.now()).isEqualTo(before);
    }

    private static Process start(SpawnPolicy.Builder policy, String... command) throws IOException {
        return new SpawnBuilder(command).policy(policy.build()).start();
    }

    /** /proc/self/status of a child. */
    private static Map<String, String> status(SpawnPolicy.Builder policy) throws Exception {
        Process child = start(policy, "cat", "/proc/self/status");
        String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(child.waitFor()).isZero();
        return text.lines()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1].strip()));
    }

    private static String four(String id) {
        return String.join("\t", id, id, id, id);
    }

    @Test
    void userTakesHisGroupsAlong() throws Exception {
        Map<String, String> child = status(SpawnPolicy.builder().user("nobody"));
        assertThat(child)
                .containsEntry("Uid", four(NOBODY))
                .containsEntry("Gid", four(NOBODY))
                .containsEntry("Groups", NOBODY)
                .containsEntry("CapEff", NONE)
                .containsEntry("CapPrm", NONE);
    }

    @Test
    void groupsAreThoseOfTheDatabase() throws Exception {
        try (ForeignUser user = ForeignUser.create()) {
            Command.run("usermod", "--append", "--groups", "daemon,mail", user.name())
                    .orThrow();
            String expected = Command.run("id", "-G", user.name()).orThrow().strip();
            Map<String, String> child = status(SpawnPolicy.builder().user(user.name()));
            assertThat(Set.of(child.get("Groups").split(" "))).isEqualTo(Set.of(expected.split(" ")));
            assertThat(child.get("Groups").split(" ")).hasSize(3);
        }
    }

    @Test
    void rootDropsToAUserWithoutAnyRights() throws Exception {
        Map<String, String> child = status(SpawnPolicy.builder()
                .user("nobody")
                .group("daemon")
                .supplementaryGroups("mail", "4711")
                .keepCapabilities(Set.of())
                .noNewPrivileges()
                .resourceLimit(ResourceLimit.NOFILE, 64, 64));
        assertThat(child)
                .containsEntry("Uid", four(NOBODY))
                .containsEntry("Gid", four("1"))
                .containsEntry("Groups", "8 4711")
                .containsEntry("NoNewPrivs", "1");
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertThat(child).containsEntry(set, NONE);
        }
    }

    @Test
    void keptCapabilitiesAreThereAsAnotherUser() throws Exception {
        Map<String, String> child = status(SpawnPolicy.builder()
                .user("nobody")
                .keepCapabilities(EnumSet.of(Capability.CAP_NET_BIND_SERVICE, Capability.CAP_KILL)));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertThat(child).containsEntry(set, "0000000000000420");
        }
    }

    @Test
    void rootMayKeepSomeCapabilities() throws Exception {
        Map<String, String> child =
                status(SpawnPolicy.builder().keepCapabilities(Set.of(Capability.CAP_CHECKPOINT_RESTORE)));
        assertThat(child).containsEntry("Uid", four("0"));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertThat(child).containsEntry(set, "0000010000000000");
        }
    }

    @Test
    void numbersServeAsWellAsNames() throws Exception {
        assertThat(status(SpawnPolicy.builder().user("4294967294").group("4711")))
                .containsEntry("Uid", four("4294967294"))
                .containsEntry("Gid", four("4711"))
                .containsEntry("Groups", "");
        assertThat(status(SpawnPolicy.builder().user(NOBODY))).containsEntry("Gid", four(NOBODY));
        assertThat(status(SpawnPolicy.builder().group("daemon")))
                .containsEntry("Uid", four("0"))
                .containsEntry("Gid", four("1"));
        assertThat(status(SpawnPolicy.builder().supplementaryGroups())).containsEntry("Groups", "");
    }

    @Test
    void oomScoreIsTheChildsAndItsChildrens() throws Exception {
        Process child = start(
                SpawnPolicy.builder().oomScore(17), "sh", "-c", "cat /proc/$$/oom_score_adj /proc/self/oom_score_adj");
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("17\n17\n");
    }

    @Test
    void everythingElseOfThePolicyHolds() {
        SpawnPolicy.Builder plain =
                SpawnPolicy.builder().newSession().umask(027).nice(7);
        Map<String, String> without = ChildState.under(plain.build());
        Map<String, String> with = ChildState.under(plain.oomScore(100).build());
        assertThat(with.keySet()).isEqualTo(without.keySet());
        for (String field : List.of("umask", "nice", "fds", "mask", "ignored", "cwd")) {
            if (without.containsKey(field)) {
                assertThat(with).containsEntry(field, without.get(field));
            }
        }
    }

    @Test
    void nothingButTheDescriptorsAskedForIsThere() throws Exception {
        Process child = new SpawnBuilder(TestTools.command("fdlist"))
                .policy(SpawnPolicy.builder()
                        .noNewPrivileges()
                        .extraFile(3, ProcessBuilder.Redirect.DISCARD)
                        .extraFile(5, ProcessBuilder.Redirect.DISCARD)
                        .build())
                .start();
        Process same = new SpawnBuilder(TestTools.command("fdlist"))
                .policy(SpawnPolicy.builder()
                        .extraFile(3, ProcessBuilder.Redirect.DISCARD)
                        .extraFile(5, ProcessBuilder.Redirect.DISCARD)
                        .build())
                .start();
        assertThat(numbers(child)).isEqualTo(numbers(same)).contains("0", "1", "2", "3", "5");
    }

    private static List<String> numbers(Process fdlist) throws IOException {
        return new String(fdlist.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\\s")[0])
                .toList();
    }

    /** A JVM that starts a child as another user, tells its pid and waits. */
    public static final class Parent {
        private Parent() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            long pid = new SpawnBuilder("sleep", "600")
                    .policy(SpawnPolicy.dieWithParent().toBuilder()
                            .user("nobody")
                            .build())
                    .start()
                    .pid();
            System.out.println("child " + pid);
            System.in.read();
        }
    }

    @Test
    @DisplayName("F30: a child that changed its user dies with the JVM all the same")
    void childOfAnotherUserDiesWithTheJvm() throws Exception {
        try (NestedJvm.Running jvm = NestedJvm.of(Parent.class).start()) {
            long child = Long.parseLong(jvm.awaitLine("child (\\d+)").group(1));
            assertThat(ProcFs.status(child, "Uid")).hasValue(four(NOBODY));
            TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
            await().until(() -> !ProcFs.isRunning(child));
        }
    }

    @Test
    @DisplayName("F30: without the right to kill it the kernel would not send the signal: refused")
    void deathSignalForAnotherUsersChildNeedsTheRightToKill() {
        String said = NestedJvm.of(Attempts.class, "first", "dieWithParent")
                .through("setpriv", "--bounding-set", "-kill", "--")
                .run()
                .orThrow();
        assertThat(answers(said).skip(1))
                .containsExactly(
                        "dieWithParent: parentDeathSignal the kernel's kill of another user's child parent death EPERM");
    }

    @Test
    void ambientCapabilitiesOfTheJvmAreNotPassedOnToAnotherUser() {
        String capabilities = "+setuid,+setgid,+dac_read_search";
        String said = NestedJvm.of(Status.class)
                .through(
                        "setpriv",
                        "--reuid",
                        "daemon",
                        "--regid",
                        "daemon",
                        "--clear-groups",
                        "--inh-caps",
                        capabilities,
                        "--ambient-caps",
                        capabilities,
                        "--")
                .run()
                .orThrow();
        assertThat(answers(said))
                .contains("Uid:\t" + four(NOBODY), "CapInh:\t" + NONE, "CapPrm:\t" + NONE, "CapAmb:\t" + NONE);
    }

    /** Prints the status of a child that is nobody. */
    public static final class Status {
        private Status() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            Process child = start(SpawnPolicy.builder().user("nobody"), "cat", "/proc/self/status");
            System.out.print(new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    @DisplayName("F30: setpriv, which changes the user after setting the signal, leaves its child behind")
    void naiveChildOfAnotherUserStays() throws Exception {
        Process parent = new ProcessBuilder(
                        "sh",
                        "-c",
                        "setpriv --pdeathsig SIGKILL setpriv --reuid nobody --clear-groups sleep 600 <&- >&- & echo $!;"
                                + " read line")
                .start();
        long naive = Long.parseLong(parent.inputReader().readLine());
        try {
            await().until(() -> ProcFs.commandLine(naive).startsWith("sleep"));
            assertThat(ProcFs.status(naive, "Uid")).hasValue(four(NOBODY));
            // The kernel sends the signals of a parent's death before anybody can learn of it.
            parent.destroyForcibly().waitFor();
            assertThat(ProcFs.isRunning(naive)).isTrue();
            assertThat(ProcFs.status(naive, "ShdPnd")).hasValue(NONE);
        } finally {
            TestTools.ok(TestTools.natives().kill((int) naive, SIGKILL));
        }
    }

    @Test
    void failuresOfTheExecAreAsWithoutIt() throws Exception {
        for (SpawnPolicy policy : List.of(
                SpawnPolicy.defaults(), SpawnPolicy.builder().oomScore(5).build())) {
            SpawnException missing = failure(new SpawnBuilder("/no/such/program").policy(policy));
            assertThat(missing.stage()).isEqualTo(SpawnStage.EXEC);
            assertThat(missing.errnoName()).isEqualTo("ENOENT");
            SpawnException nowhere = failure(new SpawnBuilder("spawn4j-no-such-program").policy(policy));
            assertThat(nowhere.errnoName()).isEqualTo("ENOENT");
            SpawnException directory = failure(new SpawnBuilder("true")
                    .directory(Path.of("/no/such").toFile())
                    .policy(policy));
            assertThat(directory.stage()).isEqualTo(SpawnStage.DIRECTORY);
            SpawnException forbidden = failure(new SpawnBuilder("/etc/passwd").policy(policy));
            assertThat(forbidden.stage()).isEqualTo(SpawnStage.EXEC);
            assertThat(forbidden.errnoName()).isEqualTo("EACCES");
            assertThat(forbidden).isExactlyInstanceOf(SpawnException.class);
        }
    }

    @Test
    void scriptWithoutAnInterpreterGoesToTheShell(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo \"$0 $1\"; exit 6\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Process child = start(SpawnPolicy.builder().oomScore(5), script.toString(), "an argument");
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(script + " an argument\n");
        assertThat(child.waitFor()).isEqualTo(6);
    }

    @Test
    void programOfAnotherUsersDirectoryCannotBeRun(@TempDir Path directory) throws Exception {
        Path program = Files.copy(Path.of(TestTools.path("tiny")), directory.resolve("tiny"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        SpawnException refused = failure(new SpawnBuilder(program.toString())
                .policy(SpawnPolicy.builder().user("nobody").build()));
        assertThat(refused.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(refused.errnoName()).isEqualTo("EACCES");
    }

    /** Policies that name what is not there, and the words that say so. */
    private static Stream<Map.Entry<String, SpawnPolicy.Builder>> unknown() {
        return Map.of(
                "no user \"spawn4j-nobody\"",
                SpawnPolicy.builder().user("spawn4j-nobody"),
                "no group \"spawn4j-nogroup\"",
                SpawnPolicy.builder().group("spawn4j-nogroup"),
                "no group \"spawn4j-nogroup2\"",
                SpawnPolicy.builder().supplementaryGroups("mail", "spawn4j-nogroup2"),
                "needs a group() beside it",
                SpawnPolicy.builder().user("4000000000"))
                .entrySet()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void unknownNamesAreRefusedBeforeAnythingStarts(Map.Entry<String, SpawnPolicy.Builder> unknown) {
        SpawnException refused =
                failure(new SpawnBuilder("true").policy(unknown.getValue().build()));
        assertThat(refused.stage()).isEqualTo(SpawnStage.REQUEST);
        assertThat(refused)
                .hasMessageStartingWith("Cannot run program \"true\": ")
                .hasMessageContaining(unknown.getKey());
    }

    private static SpawnException failure(SpawnBuilder builder) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, builder::start);
        assertThat(failure).isNotNull();
        return failure;
    }

    /** Starts a child for each policy that its arguments name, and says what came of it. */
    public static final class Attempts {
        private Attempts() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            for (String what : arguments) {
                SpawnPolicy.Builder policy = SpawnPolicy.builder();
                switch (what) {
                    case "user" -> policy.user("root");
                    case "nobody" -> policy.user("nobody").noNewPrivileges().keepCapabilities(Set.of());
                    case "dieWithParent" -> policy.user("nobody").parentDeathSignal(Signal.SIGKILL);
                    case "group" -> policy.group("root");
                    case "groups" -> policy.supplementaryGroups("root");
                    case "oom" -> policy.oomScore(-1000);
                    case "capabilities" -> policy.keepCapabilities(Set.of());
                    default -> policy.noNewPrivileges();
                }
                SpawnBuilder builder = new SpawnBuilder("true").policy(policy.build());
                LeakCheck leaks = LeakCheck.begin();
                try {
                    System.out.println(what + ": " + builder.start().exitStatus());
                } catch (UnsupportedPolicyException e) {
                    System.out.println(
                            what + ": " + e.setting() + " " + e.syscall() + " " + e.stage() + " " + e.errnoName());
                } catch (SpawnException e) {
                    System.out.println(
                            what + ": " + e.stage() + " " + (e.errno() == 0 ? "without errno" : e.errnoName()));
                }
                if (!what.equals("first") && !what.equals("plain")) {
                    leaks.assertClean();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "755, plain: Exited[code=0]",
        "644, plain: noNewPrivileges execveat helper EACCES",
        "none, plain: helper ENOENT",
    })
    void propertyNamesAFileInstead(String mode, String outcome, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("init");
        if (!mode.equals("none")) {
            Files.write(file, Binaries.read("spawn4j-init"));
            Command.run("chmod", mode, file.toString()).orThrow();
        }
        assertThat(answers(NestedJvm.of(Attempts.class, "plain")
                        .property(EngineOptions.HELPER, file.toString())
                        .run()
                        .orThrow()))
                .containsExactly(outcome);
    }

    // Without what the log says of the host.
    private static Stream<String> answers(String said) {
        return said.lines().filter(line -> !line.contains(" WARN "));
    }

    @Test
    void ordinaryUserIsRefusedByName() {
        try (ForeignUser user = ForeignUser.create()) {
            String said = user.runs(NestedJvm.of(
                            Attempts.class, "first", "user", "group", "groups", "oom", "capabilities", "again"))
                    .run()
                    .orThrow();
            assertThat(answers(said))
                    .containsExactly(
                            "first: " + new ExitStatus.Exited(0),
                            "user: user setgroups supplementary groups EPERM",
                            "group: group setresgid group EPERM",
                            "groups: supplementaryGroups setgroups supplementary groups EPERM",
                            "oom: oomScore write(/proc/self/oom_score_adj) oom score EACCES",
                            "capabilities: keepCapabilities prctl(PR_CAPBSET_DROP) bounding set EPERM",
                            "again: " + new ExitStatus.Exited(0));
        }
    }

    /** Rules of a filter, and what becomes under it of each policy; each is tried twice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "setgroups=EPERM setresgid=EPERM prctl@0=24=EPERM prctl@0=38=EPERM"
                        + "| groups: supplementaryGroups setgroups supplementary groups EPERM"
                        + "; group: group setresgid group EPERM"
                        + "; nobody: keepCapabilities prctl(PR_CAPBSET_DROP) bounding set EPERM"
                        + "; plain: noNewPrivileges prctl(PR_SET_NO_NEW_PRIVS) no new privileges EPERM",
                "setresuid=EPERM capset=EPERM"
                        + "| user: user setresuid or prctl(PR_SET_KEEPCAPS) user EPERM"
                        + "; capabilities: keepCapabilities capset or prctl(PR_CAP_AMBIENT) capabilities EPERM",
                "prctl@0=8=EPERM prctl@0=47=EPERM"
                        + "| nobody: user setresuid or prctl(PR_SET_KEEPCAPS) user EPERM"
                        + "; capabilities: keepCapabilities capset or prctl(PR_CAP_AMBIENT) capabilities EPERM",
                "setresuid=EAGAIN| nobody: user EAGAIN",
                "prctl@0=23=EPERM| nobody: keepCapabilities prctl(PR_CAPBSET_DROP) bounding set EPERM",
                "sendto=ENOBUFS| nobody: helper without errno",
                "execveat=EACCES| nobody: user, keepCapabilities, noNewPrivileges execveat helper EACCES",
                "execveat=ENOMEM| nobody: helper ENOMEM",
            })
    void eachCallThatFailsIsNamedAndLeavesNothing(String rules, String outcomes) {
        FailingCalls.assertOutcomes(Attempts.class, rules, outcomes);
    }
}
