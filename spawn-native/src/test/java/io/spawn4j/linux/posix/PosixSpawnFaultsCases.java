// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import static io.spawn4j.SpawnStage.CLONE;
import static io.spawn4j.SpawnStage.DESCRIPTORS;
import static io.spawn4j.SpawnStage.EXEC;
import static io.spawn4j.SpawnStage.PIPE;
import static io.spawn4j.SpawnStage.PROCESS_GROUP;
import static io.spawn4j.SpawnStage.REDIRECT;
import static io.spawn4j.linux.support.FaultInjection.Whose.CLONED;
import static io.spawn4j.linux.support.FaultInjection.Whose.OWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Run by {@link PosixSpawnFaultsTest}. The calling thread makes every call of this engine, and the libc clones the
 * child from it. The libc tells one errno and no step: what fails in the child is {@code exec}, unless a look
 * afterwards says otherwise.
 */
class PosixSpawnFaultsCases {
    private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

    /** Does nothing but start: a thread that starts the tool for the faults clones and maps stacks, too. */
    private static final ExecutorService CALLER =
            Executors.newSingleThreadExecutor(task -> CleanThreads.create("caller", task));

    /** What the failing call is needed for. */
    private enum Request {
        /** Three pipes. */
        PLAIN {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.defaults());
            }
        },
        /**
         * A file for stdin, one for stdout, one for descriptor 900, above all others: each is copied out of the way.
         */
        FILES {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder()
                                .extraFile(900, Redirect.DISCARD)
                                .build())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(
                                Redirect.appendTo(directory.resolve("out").toFile()));
            }
        },
        /** Every setting of this engine but the session. */
        FULL {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder()
                                .newProcessGroup()
                                .blockedSignals(Set.of(Signal.SIGUSR1))
                                .build())
                        .directory(directory.toFile());
            }
        },
        /** In the group of this JVM, where a child is anyway. */
        JOINED {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder().joinProcessGroup(ownGroup()).build());
            }
        },
        /** Its own session. */
        SESSION_LEADER {
            @Override
            SpawnBuilder with(Path directory) {
                return tiny(SpawnPolicy.builder().newSession().build());
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
        };

        abstract SpawnBuilder with(Path directory) throws IOException;

        private static SpawnBuilder tiny(SpawnPolicy policy) {
            return new SpawnBuilder(TestTools.command("tiny", "3")).policy(policy);
        }

        private static int ownGroup() {
            int group = 2; // of the fields counted from the state
            return Integer.parseInt(ProcFs.stat(ProcFs.self()).orElseThrow().get(group));
        }
    }

    /**
     * One row: the call of whom that fails after `skip` that pass, and what comes of it; a null stage: the start
     * succeeds.
     */
    private record Fault(FaultInjection.Whose whose, String rule, int skip, Request request, SpawnStage stage) {
        String errno() {
            return rule.substring(rule.lastIndexOf('=') + 1);
        }

        @Override
        public String toString() {
            return (whose == OWN ? "CALLER " : "CHILD ") + rule + (skip > 0 ? " after " + skip : "") + " with "
                    + request + ": " + (stage == null ? "started" : stage);
        }
    }

    private static Fault fails(FaultInjection.Whose whose, String rule, int skip, Request request, SpawnStage stage) {
        return new Fault(whose, rule, skip, request, stage);
    }

    private static Fault fails(FaultInjection.Whose whose, String rule, Request request, SpawnStage stage) {
        return fails(whose, rule, 0, request, stage);
    }

    private static List<Fault> faults() throws Exception {
        String clone = cloneCall();
        String dup = X86 ? "dup2" : "dup3";
        return List.of(
                // The caller opens files: flags O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC.
                fails(OWN, "openat@2=0x80441=EMFILE", Request.FILES, REDIRECT),
                fails(OWN, "openat@2=0x80441=ENOSPC", Request.FILES, REDIRECT),
                // It makes pipes, and its own ends non-blocking (F_SETFL).
                fails(OWN, "pipe2=EMFILE", 0, Request.PLAIN, PIPE),
                fails(OWN, "pipe2=ENFILE", 1, Request.PLAIN, PIPE),
                fails(OWN, "pipe2=ENOMEM", 2, Request.PLAIN, PIPE),
                fails(OWN, "fcntl@1=4=EIO", 0, Request.PLAIN, PIPE),
                fails(OWN, "fcntl@1=4=EPERM", 2, Request.PLAIN, PIPE),
                // It copies descriptors to where no target is (F_DUPFD_CLOEXEC).
                fails(OWN, "fcntl@1=1030=EMFILE", 0, Request.FILES, DESCRIPTORS),
                fails(OWN, "fcntl@1=1030=EINVAL", 2, Request.FILES, DESCRIPTORS),
                // The libc maps the child's stack, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, and clones.
                fails(OWN, "mmap@3=0x20022=ENOMEM", Request.PLAIN, CLONE),
                fails(OWN, clone + "=EAGAIN", Request.PLAIN, CLONE),
                fails(OWN, clone + "=ENOMEM", Request.FILES, CLONE),
                fails(OWN, clone + "=EPERM", Request.FULL, EXEC),
                // The child takes on what the policy says.
                fails(CLONED, "setsid=EPERM", Request.SESSION_LEADER, EXEC),
                fails(CLONED, "setpgid=EPERM", Request.FULL, EXEC),
                fails(CLONED, "setpgid=EPERM", Request.JOINED, PROCESS_GROUP),
                fails(CLONED, "setpgid=ESRCH", Request.JOINED, PROCESS_GROUP),
                fails(CLONED, dup + "=EBUSY", 0, Request.PLAIN, EXEC),
                fails(CLONED, dup + "=EMFILE", 3, Request.FILES, EXEC),
                fails(CLONED, "chdir=EACCES", Request.FULL, EXEC),
                fails(CLONED, "chdir=EIO", Request.FULL, EXEC),
                // It runs the program. No answer tells its lack of memory from that of the clone.
                fails(CLONED, "execve=EIO", Request.PLAIN, EXEC),
                fails(CLONED, "execve=ETXTBSY", Request.FILES, EXEC),
                fails(CLONED, "execve=ENOMEM", Request.FULL, CLONE),
                fails(CLONED, "execve=ELIBBAD", 1, Request.SCRIPT, EXEC),
                // Calls whose failure is made up for, by the libc and by this engine: the number serves where no pidfd
                // is.
                fails(CLONED, "close_range=ENOSYS", Request.FILES, null),
                fails(OWN, "pidfd_open=EMFILE", Request.PLAIN, null),
                fails(OWN, "pidfd_open=ENOMEM", Request.FULL, null));
    }

    /** clone3, or the older call of an older libc; each answers ENOSYS with another one that works. */
    private static String cloneCall() throws Exception {
        try (FaultInjection probe = FaultInjection.after(callerThread(), "clone3=ENOSYS", 0, 1, OWN)) {
            assertThat(startedByCaller(Request.PLAIN.with(Path.of("/"))).exitStatus())
                    .isEqualTo(new ExitStatus.Exited(3));
            return probe.injectedInAll() > 0 ? "clone3" : "clone";
        }
    }

    private static int callerThread() throws Exception {
        return CALLER.submit(() -> TestTools.natives().threadHere()).get();
    }

    private static ChildProcess startedByCaller(SpawnBuilder builder) throws Exception {
        try {
            return CALLER.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SpawnException failure ? failure : e;
        }
    }

    @TempDir
    Path directory;

    private LeakCheck leaks;

    @BeforeEach
    void warmUp() throws Exception {
        for (Request request : Request.values()) {
            assertStarts(request, directory);
        }
        callerThread();
        leaks = LeakCheck.begin();
    }

    @AfterAll
    static void endCaller() {
        CALLER.shutdown();
    }

    @Test
    void engineIsPosixSpawn() {
        assertThat(SpawnCapabilities.current().engine()).isEqualTo("posix_spawn");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachCallThatFailsIsNamedAndLeavesNothing(Fault fault) throws Exception {
        SpawnBuilder builder = fault.request.with(directory);
        try (FaultInjection injection = FaultInjection.after(callerThread(), fault.rule, fault.skip, 1, fault.whose)) {
            if (fault.stage == null) {
                assertThat(startedByCaller(builder).exitStatus()).isEqualTo(new ExitStatus.Exited(3));
            } else {
                assertFails(fault, builder);
            }
            await().until(() -> injection.injected() == 1);
        }
        assertThat(ProcFs.zombies()).isEmpty();
        for (Request request : Request.values()) {
            assertStarts(request, directory);
        }
        leaks.assertClean();
    }

    private static void assertFails(Fault fault, SpawnBuilder builder) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, () -> startedByCaller(builder));
        assertThat(failure).as("the failure").isNotNull();
        assertThat(failure.stage()).isEqualTo(fault.stage);
        assertThat(failure.errnoName()).isEqualTo(fault.errno());
        assertThat(failure)
                .isExactlyInstanceOf(SpawnException.class)
                .hasMessageStartingWith("Cannot run program \"")
                .hasMessageContainingAll(fault.errno(), "stage: " + fault.stage);
    }

    private static void assertStarts(Request request, Path directory) throws Exception {
        ChildProcess child = request.with(directory).start();
        assertThat(child.getInputStream().readAllBytes()).isEmpty();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(3));
    }
}
