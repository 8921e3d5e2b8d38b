// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.kernel.Binaries;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.FailingCalls;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A containment that the host does not grant is refused by name; of several, the next one is taken. */
@Requires({Ability.FIRST_JDK, Ability.NATIVE_ENGINE})
class ContainmentRefusalsTest {
    private static Set<Containment> all() {
        return EnumSet.complementOf(EnumSet.of(Containment.NONE));
    }

    @Test
    void everyContainmentIsGrantedOrRefusedByName() throws Exception {
        Set<Containment> granted = GrantedContainments.all();
        for (Containment containment : all()) {
            SpawnBuilder builder = new SpawnBuilder("true")
                    .policy(SpawnPolicy.builder().containment(containment).build());
            if (granted.contains(containment)) {
                ChildProcess child = builder.start();
                assertThat(child.waitFor()).isZero();
                assertThat(child.containment()).isEqualTo(containment);
            } else {
                LeakCheck leaks = LeakCheck.begin();
                UnsupportedPolicyException refused =
                        catchThrowableOfType(UnsupportedPolicyException.class, builder::start);
                assertThat(refused).as(containment.toString()).isNotNull();
                assertThat(refused.setting()).isEqualTo("containment");
                assertThat(refused.stage()).isEqualTo(SpawnStage.CONTAINMENT);
                assertThat(refused.errno()).as(refused.toString()).isPositive();
                leaks.assertClean();
            }
        }
    }

    @Test
    @Requires(Ability.PIDFDS)
    void containedTakesTheCgroupWhereItIsGranted() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "1000")
                .policy(SpawnPolicy.contained())
                .start();
        assertThat(child.containment())
                .isEqualTo(
                        GrantedContainments.all().contains(Containment.CGROUP)
                                ? Containment.CGROUP
                                : Containment.SUBREAPER);
        assertThat(Cgroup2.leavesOf(ProcFs.self())).hasSize(child.containment() == Containment.CGROUP ? 1 : 0);
        assertThat(child.killTree(Duration.ZERO).empty()).isTrue();
        assertThat(Cgroup2.leavesOf(ProcFs.self())).isEmpty();
    }

    /**
     * Starts a child for each containment, or several with a plus, that its arguments name, and says what came of it.
     */
    public static final class Attempts {
        private Attempts() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            for (String what : arguments) {
                SpawnPolicy.Builder policy = SpawnPolicy.builder();
                List<Containment> wanted = Stream.of(what.split("[+]"))
                        .filter(name -> !name.equals("first"))
                        .map(Containment::valueOf)
                        .toList();
                if (wanted.isEmpty()) {
                    policy.noNewPrivileges();
                } else {
                    policy.containment(
                            wanted.get(0), wanted.subList(1, wanted.size()).toArray(Containment[]::new));
                }
                SpawnBuilder builder = new SpawnBuilder("true").policy(policy.build());
                LeakCheck leaks = LeakCheck.begin();
                try {
                    ChildProcess child = builder.start();
                    child.waitFor();
                    System.out.println(what + ": " + child.containment());
                } catch (UnsupportedPolicyException e) {
                    System.out.println(what + ": refused " + e.syscall() + " " + e.stage() + " " + e.errnoName());
                } catch (SpawnException e) {
                    System.out.println(
                            what + ": " + e.stage() + " " + (e.errno() == 0 ? "without errno" : e.errnoName()));
                }
                if (!what.equals("first")) {
                    leaks.assertClean();
                    assertThat(Cgroup2.leavesOf(ProcFs.self())).isEmpty();
                }
            }
        }
    }

    // Without what the log says of the host.
    private static Stream<String> answers(String said) {
        return said.lines().filter(line -> !line.contains(" WARN "));
    }

    /** Rules of a filter, and what becomes under it of each containment; each is tried twice. */
    @ParameterizedTest
    @Requires({Ability.ROOT, Ability.CGROUP2, Ability.PID_NAMESPACES})
    @CsvSource(
            delimiter = '|',
            value = {
                "prctl@0=36=EPERM"
                        + "| SUBREAPER: refused prctl(PR_SET_CHILD_SUBREAPER) containment EPERM"
                        + "; CGROUP: refused prctl(PR_SET_CHILD_SUBREAPER) containment EPERM"
                        + "; CGROUP+SUBREAPER+PROCESS_GROUP: PROCESS_GROUP; PID_NAMESPACE: PID_NAMESPACE",
                "mkdirat=EACCES"
                        + "| CGROUP: refused mkdir(a cgroup of its own) containment EACCES"
                        + "; CGROUP+SUBREAPER: SUBREAPER",
                "mkdirat=EAGAIN| CGROUP: containment EAGAIN; CGROUP+SUBREAPER: containment EAGAIN",
                "signalfd4=ENOSYS| SUBREAPER: refused signalfd4 containment ENOSYS"
                        + "; PID_NAMESPACE: refused signalfd4 containment ENOSYS",
                // CLONE_NEWPID
                "clone@0&0x20000000=0x20000000=EPERM"
                        + "| PID_NAMESPACE: refused clone(CLONE_NEWPID) containment EPERM"
                        + "; PID_NAMESPACE+SUBREAPER: SUBREAPER",
                "mount=EPERM| PID_NAMESPACE: refused mount(/proc) containment EPERM",
                // CLONE_NEWPID as root only inside a user namespace
                "clone@0&0x30000000=0x20000000=EPERM| PID_NAMESPACE: PID_NAMESPACE",
                // The program's process: clone3 into the cgroup first, then clone
                "clone@0=0x1011=EAGAIN| SUBREAPER: containment EAGAIN; CGROUP: CGROUP",
                "setsid=EPERM| SUBREAPER: refused setsid containment EPERM; PID_NAMESPACE: PID_NAMESPACE",
            })
    void eachCallThatFailsIsNamedAndLeavesNothing(String rules, String outcomes) {
        FailingCalls.assertOutcomes(Attempts.class, rules, outcomes);
    }

    private static String[] inNamespacesWith(String sysctl, String... unshare) {
        return Stream.concat(
                        Stream.concat(Stream.of("unshare"), Stream.of(unshare)),
                        Stream.of("sh", "-c", sysctl + " && exec \"$@\"", "sh"))
                .toArray(String[]::new);
    }

    @Test
    @Requires({Ability.ROOT, Ability.PID_NAMESPACES, Ability.MEMFD_NOEXEC})
    void hostThatForbidsToExecuteMemfdsIsNamedUntilThereIsAFile(@TempDir Path directory) throws Exception {
        String[] forbidden = inNamespacesWith(
                "echo 2 > /proc/sys/vm/memfd_noexec", "--pid", "--fork", "--mount-proc", "--kill-child");
        String[] attempts = {"first", "PROCESS_GROUP", "SUBREAPER", "PID_NAMESPACE", "CGROUP+SUBREAPER"};
        String refused =
                NestedJvm.of(Attempts.class, attempts).through(forbidden).run().orThrow();
        assertThat(answers(refused))
                .hasSize(attempts.length)
                .allMatch(line -> line.endsWith(" execveat helper EACCES"));
        Path file = Files.write(directory.resolve("helper"), Binaries.read("spawn4j-init"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
        String granted = NestedJvm.of(Attempts.class, attempts)
                .through(forbidden)
                .property(EngineOptions.HELPER, file.toString())
                .run()
                .orThrow();
        assertThat(answers(granted).limit(4))
                .containsExactly(
                        "first: NONE",
                        "PROCESS_GROUP: PROCESS_GROUP",
                        "SUBREAPER: SUBREAPER",
                        "PID_NAMESPACE: PID_NAMESPACE");
    }

    @ParameterizedTest
    @Requires({Ability.ROOT, Ability.PID_NAMESPACES})
    @CsvSource({
        "max_user_namespaces, setpriv --bounding-set=-all --inh-caps=-all", // without CAP_SYS_ADMIN it takes a user
        // namespace
        "max_pid_namespaces, env"
    })
    void hostWithoutNamespacesIsNamed(String sysctl, String launcher) {
        String said = NestedJvm.of(
                        Attempts.class,
                        "first",
                        "PROCESS_GROUP",
                        "SUBREAPER",
                        "PID_NAMESPACE",
                        "PID_NAMESPACE",
                        "PID_NAMESPACE+SUBREAPER")
                .through(inNamespacesWith("echo 0 > /proc/sys/user/" + sysctl, "--user", "--map-root-user"))
                .through(launcher.split(" "))
                .run()
                .orThrow();
        assertThat(answers(said))
                .containsExactly(
                        "first: NONE",
                        "PROCESS_GROUP: PROCESS_GROUP",
                        "SUBREAPER: SUBREAPER",
                        "PID_NAMESPACE: refused clone(CLONE_NEWPID) containment ENOSPC",
                        "PID_NAMESPACE: refused clone(CLONE_NEWPID) containment ENOSPC",
                        "PID_NAMESPACE+SUBREAPER: SUBREAPER");
    }

    @Test
    @Requires({Ability.ROOT, Ability.CGROUP2, Ability.PID_NAMESPACES})
    void ordinaryUserGetsAllButTheCgroup() {
        try (ForeignUser user = ForeignUser.create()) {
            String said = user.runs(NestedJvm.of(
                            Attempts.class,
                            "first",
                            "PROCESS_GROUP",
                            "SUBREAPER",
                            "CGROUP",
                            "PID_NAMESPACE",
                            "CGROUP+SUBREAPER"))
                    .run()
                    .orThrow();
            assertThat(answers(said).skip(1))
                    .containsExactly(
                            "PROCESS_GROUP: PROCESS_GROUP",
                            "SUBREAPER: SUBREAPER",
                            "CGROUP: refused mkdir(a cgroup of its own) containment EACCES",
                            "PID_NAMESPACE: PID_NAMESPACE",
                            "CGROUP+SUBREAPER: SUBREAPER");
        }
    }
}
