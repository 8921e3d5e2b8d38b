// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static io.spawn4j.SpawnStage.AFFINITY;
import static io.spawn4j.SpawnStage.CLONE;
import static io.spawn4j.SpawnStage.DESCRIPTORS;
import static io.spawn4j.SpawnStage.DIRECTORY;
import static io.spawn4j.SpawnStage.EXEC;
import static io.spawn4j.SpawnStage.HELPER;
import static io.spawn4j.SpawnStage.NICE;
import static io.spawn4j.SpawnStage.PARENT_DEATH;
import static io.spawn4j.SpawnStage.PIPE;
import static io.spawn4j.SpawnStage.PROCESS_GROUP;
import static io.spawn4j.SpawnStage.REDIRECT;
import static io.spawn4j.SpawnStage.REPLY;
import static io.spawn4j.SpawnStage.RESOURCE_LIMIT;
import static io.spawn4j.SpawnStage.SESSION;
import static io.spawn4j.SpawnStage.SIGNALS;
import static io.spawn4j.SpawnStage.UMASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.SpareSlots;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every system call between the request and the exec fails once: the start says at which stage and with which errno,
 * leaves nothing behind, and the next one works. Those of the engine's set-up are in SetUpFaultsTest.
 */
@RequiresNativeEngine
class FaultInjectionTest {
    /** Whose call fails: the thread's that calls start(), the spawner's, or its child's. */
    private enum Whose {
        CALLER(FaultInjection.Whose.OWN),
        SPAWNER(FaultInjection.Whose.OWN),
        CHILD(FaultInjection.Whose.CLONED);

        final FaultInjection.Whose counted;

        Whose(FaultInjection.Whose counted) {
            this.counted = counted;
        }
    }

    /** What the failing call is needed for. */
    private enum Request {
        /** Three pipes. */
        PLAIN {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.defaults());
            }
        },
        /** A file for stdin, one for stdout, one for descriptor 1000, above all others. */
        FILES {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder()
                                .extraFile(1000, Redirect.DISCARD)
                                .build())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(
                                Redirect.appendTo(directory.resolve("out").toFile()));
            }
        },
        /** Every setting but the session. */
        FULL {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(settings().newProcessGroup().build()).directory(directory.toFile());
            }
        },
        /** Every setting but the group. */
        SESSION_LEADER {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(settings().newSession().build());
            }
        },
        /** A setting that spawn4j-init makes. */
        HELPER {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder().noNewPrivileges().build());
            }
        },
        /** A program that /bin/sh has to run. */
        SCRIPT {
            @Override
            SpawnBuilder with(Path directory) throws IOException {
                Path script = directory.resolve("script");
                if (!Files.exists(script)) {
                    Files.writeString(script, "exit 3\n");
                    assertThat(script.toFile().setExecutable(true)).isTrue();
                }
                return new SpawnBuilder(script.toString());
            }
        },
        /** A program of the PATH. */
        BY_NAME {
            @Override
            SpawnBuilder with(Path directory) {
                return new SpawnBuilder("sh", "-c", "exit 3");
            }
        };

        abstract SpawnBuilder with(Path directory) throws IOException;

        private static SpawnBuilder tiny(SpawnPolicy policy) {
            return new SpawnBuilder(TestTools.command("tiny", "3")).policy(policy);
        }

        private static SpawnPolicy.Builder settings() {
            return SpawnPolicy.builder()
                    .umask(0022)
                    .nice(19)
                    .cpuAffinity(Integer.parseInt(ProcFs.status(ProcFs.self(), "Cpus_allowed_list")
                            .orElseThrow()
                            .split("[-,]")[0]))
                    .resourceLimit(ResourceLimit.CORE, 0, 0)
                    .parentDeathSignal(Signal.SIGKILL)
                    .ignoredSignals(Set.of(Signal.SIGHUP))
                    .blockedSignals(Set.of(Signal.SIGUSR1));
        }
    }

    /**
     * One row: the call of whom that fails after `skip` that pass, and what comes of it; a null stage: the start
     * succeeds.
     */
    private record Fault(
            Whose whose, String rule, int skip, Request request, SpawnStage stage, String setting, String errno) {
        Fault(Whose whose, String rule, int skip, Request request, SpawnStage stage, String setting) {
            this(whose, rule, skip, request, stage, setting, rule.substring(rule.lastIndexOf('=') + 1));
        }

        @Override
        public String toString() {
            return whose + " " + rule + (skip > 0 ? " after " + skip : "") + " with " + request + ": "
                    + (stage == null ? "started" : stage) + (setting == null ? "" : ", " + setting);
        }
    }

    private static Fault fails(Whose whose, String rule, int skip, Request request, SpawnStage stage) {
        return new Fault(whose, rule, skip, request, stage, null);
    }

    private static Fault fails(Whose whose, String rule, Request request, SpawnStage stage) {
        return fails(whose, rule, 0, request, stage);
    }

    private static Fault refuses(String rule, Request request, SpawnStage stage, String setting) {
        return new Fault(Whose.CHILD, rule, 0, request, stage, setting);
    }

    private static List<Fault> faults() {
        String clone = SpawnerThread.cloneCall();
        List<Fault> faults = new ArrayList<>(List.of(
                // The caller opens files: flags O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC.
                fails(Whose.CALLER, "openat@2=0x80441=EMFILE", Request.FILES, REDIRECT),
                fails(Whose.CALLER, "openat@2=0x80441=ENOSPC", Request.FILES, REDIRECT),
                // ... and sends them to the child.
                fails(Whose.CALLER, "sendmsg=ETOOMANYREFS", Request.FILES, DESCRIPTORS),
                fails(Whose.CALLER, "sendmsg=ENOBUFS", Request.FILES, DESCRIPTORS),
                // The spawner makes pipes.
                fails(Whose.SPAWNER, "pipe2=EMFILE", 0, Request.PLAIN, PIPE),
                fails(Whose.SPAWNER, "pipe2=ENFILE", 1, Request.PLAIN, PIPE),
                fails(Whose.SPAWNER, "pipe2=ENOMEM", 2, Request.PLAIN, PIPE),
                fails(Whose.SPAWNER, "fcntl@1=4=EIO", 0, Request.PLAIN, PIPE),
                fails(Whose.SPAWNER, "fcntl@1=4=EIO", 2, Request.PLAIN, PIPE),
                // It clones.
                fails(Whose.SPAWNER, clone + "=EAGAIN", Request.PLAIN, CLONE),
                fails(Whose.SPAWNER, clone + "=ENOMEM", Request.FILES, CLONE),
                fails(Whose.SPAWNER, clone + "=EMFILE", Request.FULL, CLONE),
                fails(Whose.SPAWNER, clone + "=ENOSYS", Request.PLAIN, CLONE),
                // It sends pidfd and pipes to the caller, who receives them.
                fails(Whose.SPAWNER, "sendmsg=ETOOMANYREFS", Request.PLAIN, REPLY),
                fails(Whose.SPAWNER, "sendmsg=ENOBUFS", Request.FILES, REPLY),
                fails(Whose.SPAWNER, "sendmsg=EAGAIN", Request.FULL, REPLY),
                fails(Whose.CALLER, "recvmsg=EMFILE", Request.PLAIN, REPLY),
                fails(Whose.CALLER, "recvmsg=ENOMEM", Request.FILES, REPLY),
                // The child receives files and puts descriptors in place.
                fails(Whose.CHILD, "recvmsg=ENOMEM", Request.FILES, DESCRIPTORS),
                fails(Whose.CHILD, "fcntl@1=1030=EMFILE", 0, Request.FILES, DESCRIPTORS),
                fails(Whose.CHILD, "fcntl@1=1030=EMFILE", 2, Request.FILES, DESCRIPTORS),
                fails(Whose.CHILD, "dup3=EBUSY", 0, Request.PLAIN, DESCRIPTORS),
                fails(Whose.CHILD, "dup3=EMFILE", 3, Request.FILES, DESCRIPTORS),
                // It takes on what the policy says.
                refuses("setsid=EPERM", Request.SESSION_LEADER, SESSION, "newSession"),
                fails(Whose.CHILD, "setpgid=EPERM", Request.FULL, PROCESS_GROUP),
                fails(Whose.CHILD, "setpgid=ESRCH", Request.FULL, PROCESS_GROUP),
                refuses("umask=EPERM", Request.FULL, UMASK, "umask"),
                refuses("setpriority=EACCES", Request.FULL, NICE, "nice"),
                fails(Whose.CHILD, "setpriority=ESRCH", Request.FULL, NICE),
                refuses("sched_setaffinity=EPERM", Request.FULL, AFFINITY, "cpuAffinity"),
                fails(Whose.CHILD, "sched_setaffinity=EINVAL", Request.FULL, AFFINITY),
                refuses("prlimit64=EPERM", Request.FULL, RESOURCE_LIMIT, "resourceLimit"),
                fails(Whose.CHILD, "prlimit64=EINVAL", Request.FULL, RESOURCE_LIMIT),
                refuses("prctl=ENOSYS", Request.FULL, PARENT_DEATH, "parentDeathSignal"),
                fails(Whose.CHILD, "prctl=EINVAL", Request.FULL, PARENT_DEATH),
                // getppid cannot fail: a wrong answer stands for a JVM that died before its child could tie
                // itself to it.
                new Fault(Whose.CHILD, "getppid=EPERM", 0, Request.FULL, PARENT_DEATH, null, "ESRCH"),
                fails(Whose.CHILD, "chdir=EACCES", Request.FULL, DIRECTORY),
                fails(Whose.CHILD, "chdir=EIO", Request.FULL, DIRECTORY),
                fails(Whose.CHILD, "rt_sigaction=EPERM", 0, Request.PLAIN, SIGNALS),
                fails(Whose.CHILD, "rt_sigaction=EINVAL", 61, Request.FULL, SIGNALS),
                fails(Whose.CHILD, "rt_sigpending=EPERM", Request.PLAIN, SIGNALS),
                // It runs the program.
                fails(Whose.CHILD, "execve=EIO", Request.PLAIN, EXEC),
                fails(Whose.CHILD, "execve=ENOMEM", Request.FILES, EXEC),
                fails(Whose.CHILD, "execve=EAGAIN", Request.FULL, EXEC),
                fails(Whose.CHILD, "execve=ETXTBSY", Request.PLAIN, EXEC),
                fails(Whose.CHILD, "execve=ELIBBAD", 1, Request.SCRIPT, EXEC),
                // It becomes spawn4j-init, which answers through a socket pair; what that one calls, CredentialsTest
                // lets fail.
                fails(Whose.SPAWNER, "socketpair=EMFILE", Request.HELPER, PIPE),
                fails(Whose.SPAWNER, "fcntl@1=4=EIO", 3, Request.HELPER, PIPE),
                fails(Whose.CALLER, "sendmsg=ETOOMANYREFS", Request.HELPER, DESCRIPTORS),
                fails(Whose.CALLER, "recvmsg=EMFILE", Request.HELPER, REPLY),
                fails(Whose.CHILD, "recvmsg=ENOMEM", Request.HELPER, DESCRIPTORS),
                fails(Whose.CHILD, "execveat=ENOMEM", Request.HELPER, HELPER),
                refuses("execveat=EACCES", Request.HELPER, HELPER, "noNewPrivileges"),
                // Calls whose failure is made up for: by Java's own waiting, by asking again, by trying the candidate.
                fails(Whose.CALLER, "futex@1=0=EINTR", Request.PLAIN, null),
                fails(Whose.SPAWNER, "futex@1=0=EINTR", Request.PLAIN, null),
                fails(Whose.CHILD, "faccessat=EIO", Request.BY_NAME, null),
                fails(Whose.CHILD, "rt_sigprocmask=EPERM", Request.PLAIN, SIGNALS)));
        if (clone.equals("clone")) {
            faults.add(fails(Whose.SPAWNER, "rt_sigprocmask=EPERM", Request.PLAIN, CLONE));
        }
        return faults;
    }

    @TempDir
    Path directory;

    private LeakCheck leaks;
    private List<String> ofTheSpawner;

    @BeforeEach
    void warmUp() throws Exception {
        for (Request request : Request.values()) {
            assertStarts(request);
        }
        SpareSlots.make();
        leaks = LeakCheck.begin();
        ofTheSpawner = SpawnerThread.descriptors();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachCallThatFailsIsNamedAndLeavesNothing(Fault fault) throws Exception {
        int thread = fault.whose == Whose.CALLER ? TestTools.natives().threadHere() : SpawnerThread.id();
        SpawnBuilder builder = fault.request.with(directory);
        try (FaultInjection injection = FaultInjection.after(thread, fault.rule, fault.skip, 1, fault.whose.counted)) {
            if (fault.stage == null) {
                // Again if need be: a thread that finds its answer there already does not wait for it.
                await().pollInSameThread().until(() -> {
                    assertThat(builder.start().exitStatus()).isEqualTo(new ExitStatus.Exited(3));
                    return injection.injected() == 1;
                });
            } else {
                assertFails(fault, builder);
                await().until(() -> injection.injected() == 1);
            }
        }
        for (Request request : Request.values()) {
            assertStarts(request);
        }
        leaks.assertClean();
        assertThat(SpawnerThread.descriptors()).isEqualTo(ofTheSpawner);
    }

    @Test
    @DisplayName("F29: ENOMEM for the process itself")
    void noMemoryForTheProcess() throws Exception {
        eachCallThatFailsIsNamedAndLeavesNothing(
                fails(Whose.SPAWNER, SpawnerThread.cloneCall() + "=ENOMEM", Request.PLAIN, CLONE));
    }

    private static List<String> callsOfTheReaper() {
        String signal = SpawnerThread.hasPidfds() ? "pidfd_send_signal" : "kill";
        return List.of(signal + "=EPERM", "waitid=EINTR", "waitid=EPERM");
    }

    /** The reply is lost; then the spawner, which alone still reaches the child, fails as well. */
    @ParameterizedTest
    @MethodSource("callsOfTheReaper")
    void childOfALostReplyIsReapedThoughTheReaperFailsOnce(String rule) throws Exception {
        SpawnBuilder builder = Request.PLAIN.with(directory);
        int caller = TestTools.natives().threadHere();
        try (FaultInjection reply = FaultInjection.after(caller, "recvmsg=EMFILE", 0, 1, FaultInjection.Whose.OWN);
                FaultInjection reaper =
                        FaultInjection.after(SpawnerThread.id(), rule, 0, 1, FaultInjection.Whose.OWN)) {
            assertThat(catchThrowableOfType(SpawnException.class, builder::start)
                            .stage())
                    .isEqualTo(REPLY);
            await().until(() -> reply.injected() == 1 && reaper.injected() == 1);
        }
        assertStarts(Request.PLAIN);
        leaks.assertClean();
        assertThat(SpawnerThread.descriptors()).isEqualTo(ofTheSpawner);
    }

    private static void assertFails(Fault fault, SpawnBuilder builder) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, builder::start);
        assertThat(failure).as("the failure").isNotNull();
        assertThat(failure.stage()).isEqualTo(fault.stage);
        assertThat(failure.errnoName()).isEqualTo(fault.errno());
        assertThat(failure).hasMessageContainingAll(fault.errno(), "stage: " + fault.stage);
        if (fault.setting == null) {
            assertThat(failure)
                    .isExactlyInstanceOf(SpawnException.class)
                    .hasMessageStartingWith("Cannot run program \"");
        } else {
            assertThat(failure).isInstanceOf(UnsupportedPolicyException.class);
            UnsupportedPolicyException refused = (UnsupportedPolicyException) failure;
            assertThat(refused.setting()).isEqualTo(fault.setting);
            assertThat(refused.syscall()).startsWith(fault.rule.replaceAll("[@=].*", ""));
        }
    }

    private void assertStarts(Request request) throws Exception {
        ChildProcess child = request.with(directory).start();
        assertThat(child.getInputStream().readAllBytes()).isEmpty();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(3));
    }

    @Test
    void noStageIsWithoutItsFault() {
        Set<SpawnStage> covered = faults().stream()
                .map(Fault::stage)
                .filter(stage -> stage != null)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(SpawnStage.class)));
        // REQUEST makes no system call; SPAWNER is the set-up; the rest are spawn4j-init's (CredentialsTest,
        // JoinCgroupTest,
        // ContainmentRefusalsTest).
        assertThat(EnumSet.complementOf(EnumSet.copyOf(covered)))
                .containsExactly(
                        SpawnStage.REQUEST,
                        SpawnStage.SPAWNER,
                        SpawnStage.CONTAINMENT,
                        SpawnStage.OOM_SCORE,
                        SpawnStage.CGROUP,
                        SpawnStage.BOUNDING_SET,
                        SpawnStage.SUPPLEMENTARY_GROUPS,
                        SpawnStage.GROUP,
                        SpawnStage.USER,
                        SpawnStage.CAPABILITIES,
                        SpawnStage.NO_NEW_PRIVILEGES);
    }
}
