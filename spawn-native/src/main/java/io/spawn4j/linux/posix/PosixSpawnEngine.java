// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.child.Engine;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.InitNeed;
import io.spawn4j.linux.child.JvmEnvironment;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.ProgramPath;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts children through the libc's posix_spawn(3), and refuses every setting that this call cannot make. */
public final class PosixSpawnEngine implements Engine {
    private static final int PIDFD_NONE = -1;

    private final PosixSpawnFunctions libc;
    private final LibcKernel kernel;
    private final EventLoop loop;
    private final PosixSpawnAbilities abilities;
    private final AtomicBoolean saidNoPidfd = new AtomicBoolean();

    PosixSpawnEngine(PosixSpawnFunctions libc, LibcKernel kernel, EventLoop loop, PosixSpawnAbilities abilities) {
        this.libc = libc;
        this.kernel = kernel;
        this.loop = loop;
        this.abilities = abilities;
    }

    @Override
    public List<HostAbility> abilities() {
        return abilities.rows();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Launched launch(SpawnRequest request, RedirectFiles files) throws SpawnException {
        refuseWhatCannotBeDone(request);
        try (PosixSpawnDescriptors descriptors = new PosixSpawnDescriptors(libc, kernel, files);
                PosixSpawnCall call = new PosixSpawnCall(libc)) {
            descriptors.open(request);
            check(request, SpawnStage.DESCRIPTORS, call.descriptors(descriptors.placed()));
            check(request, SpawnStage.DIRECTORY, call.directory(request.directory()));
            check(request, SpawnStage.EXEC, call.attributes(request.policy()));
            int pid = tryCandidates(request, call);
            return handOver(pid, descriptors);
        }
    }

    private static void check(SpawnRequest request, SpawnStage stage, int errno) throws SpawnException {
        if (errno != 0) {
            throw Failures.at(request, stage, errno);
        }
    }

    /** The same rules as the native engine's child follows. */
    private static int tryCandidates(SpawnRequest request, PosixSpawnCall call) throws SpawnException {
        List<byte[]> arguments = NativeStrings.encode(request.command());
        Map<String, String> environment = request.environment();
        call.program(arguments, JvmEnvironment.current().encode(environment == null ? System.getenv() : environment));
        int error = Errno.ENOENT;
        for (byte[] candidate : ProgramPath.candidates(request, arguments.get(0))) {
            int result = call.spawn(candidate);
            if (result == Errno.ENOEXEC) {
                result = call.spawnAsScript(candidate);
            }
            if (result == 0) {
                return call.pid();
            }
            if (!Errno.meansTryNext(result)) {
                error = result;
                break;
            }
            if (error != Errno.EACCES) {
                error = result;
            }
        }
        throw Failures.at(request, stageOf(request, error), error);
    }

    // posix_spawn tells the errno and not the step.
    private static SpawnStage stageOf(SpawnRequest request, int error) {
        if (error == Errno.EAGAIN || error == Errno.ENOMEM) {
            return SpawnStage.CLONE;
        }
        File directory = request.directory();
        // To newer JDKs the empty path is the working directory, to chdir(2) it is nothing.
        if (directory != null
                && (directory.getPath().isEmpty() || !(directory.isDirectory() && directory.canExecute()))) {
            return SpawnStage.DIRECTORY;
        }
        SpawnPolicy policy = request.policy();
        boolean grouped = policy.joinProcessGroup().isPresent();
        return grouped && (error == Errno.EPERM || error == Errno.ESRCH) ? SpawnStage.PROCESS_GROUP : SpawnStage.EXEC;
    }

    private Launched handOver(int pid, PosixSpawnDescriptors descriptors) {
        long pidfd = PIDFD_NONE;
        if (abilities.pidfds()) {
            // Nobody but a rogue waiter can have reaped the pid: it is this child's.
            // Out of descriptors, the number serves.
            pidfd = Math.max(PIDFD_NONE, kernel.pidfdOpen(pid));
            if (pidfd == PIDFD_NONE && !saidNoPidfd.getAndSet(true)) {
                Log.warn(
                        PosixSpawnEngine.class,
                        "no descriptor for the pidfd of a child: such children get a waiter thread");
            }
        }
        int[] ends = descriptors.releaseParentEnds();
        return new Launched(pid, (int) pidfd, ends[0], ends[1], ends[2], -1, null);
    }

    private void refuseWhatCannotBeDone(SpawnRequest request) throws SpawnException {
        SpawnPolicy policy = request.policy();
        refuseIf(request, !policy.ignoredSignals().isEmpty(), "ignoredSignals", SpawnStage.SIGNALS);
        refuseIf(request, policy.parentDeathSignal().isPresent(), "parentDeathSignal", SpawnStage.PARENT_DEATH);
        refuseIf(request, policy.umask().isPresent(), "umask", SpawnStage.UMASK);
        refuseIf(request, policy.nice().isPresent(), "nice", SpawnStage.NICE);
        refuseIf(request, !policy.cpuAffinity().isEmpty(), "cpuAffinity", SpawnStage.AFFINITY);
        refuseIf(request, !policy.resourceLimits().isEmpty(), "resourceLimit", SpawnStage.RESOURCE_LIMIT);
        refuseIf(request, policy.startTimeout().isPresent(), "startTimeout", SpawnStage.EXEC);
        for (String setting : InitNeed.settingsOf(policy)) {
            refuseIf(request, true, setting, SpawnStage.HELPER);
        }
        if (request.directory() != null && !abilities.changesDirectory()) {
            throw new UnsupportedPolicyException(
                    Failures.opening(request),
                    "directory",
                    "posix_spawn_file_actions_addchdir_np",
                    SpawnStage.DIRECTORY,
                    0,
                    "",
                    "glibc 2.29, musl 1.1.24, or the native engine");
        }
    }

    private static void refuseIf(SpawnRequest request, boolean asked, String setting, SpawnStage stage)
            throws SpawnException {
        if (asked) {
            throw new UnsupportedPolicyException(
                    Failures.opening(request), setting, "posix_spawn", stage, 0, "", "the native engine");
        }
    }
}
