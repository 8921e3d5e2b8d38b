// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launcher;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.event.Sigchld;
import io.spawn4j.linux.kernel.Libc;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.orphan.OrphanWatch;
import io.spawn4j.linux.posix.PosixSpawnAbilities;
import io.spawn4j.linux.posix.PosixSpawnEngine;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine {@code posix_spawn}: the libc's own, for hosts where the C core cannot be loaded. */
public final class PosixSpawnProvider implements SpawnProvider {
    private static final Logger LOG = LoggerFactory.getLogger(PosixSpawnProvider.class);
    private static final int PRIORITY = 10;

    private record Running(Launcher launcher, PosixSpawnAbilities abilities) {}

    private @Nullable Running running;

    /** For the service loader. */
    public PosixSpawnProvider() {}

    @Override
    public String name() {
        return "posix_spawn";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Optional<String> unavailable() {
        try {
            Libc.get();
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("the libc cannot be bound: " + e.getMessage());
        }
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        return running(request).launcher().spawn(request);
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        return running(requests.get(0)).launcher().spawnPipeline(requests);
    }

    @Override
    public synchronized SpawnCapabilities capabilities() {
        PosixSpawnAbilities abilities = running == null
                ? PosixSpawnAbilities.find(Libc.get(), new LibcKernel(Libc.get()))
                : running.abilities();
        return new SpawnCapabilities(
                name(),
                "the libc's posix_spawn",
                List.of(
                        new SpawnCapabilities.Row(
                                "working directory",
                                abilities.changesDirectory(),
                                "posix_spawn_file_actions_addchdir_np"),
                        new SpawnCapabilities.Row(
                                "no stray descriptors",
                                abilities.closesRest(),
                                "posix_spawn_file_actions_addclosefrom_np"),
                        new SpawnCapabilities.Row(
                                "pidfds", abilities.pidfds(), "pidfd_open, and waitid with P_PIDFD")));
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        return OrphanWatch.start(new LibcKernel(Libc.get()), LiveChildren::contains, grace);
    }

    private synchronized Running running(SpawnRequest request) throws SpawnException {
        if (running == null) {
            try {
                running = start();
            } catch (StartFailure e) {
                throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
            }
        }
        return running;
    }

    private static Running start() throws StartFailure {
        Libc libc = Libc.get();
        LibcKernel kernel = new LibcKernel(libc);
        PosixSpawnAbilities abilities = PosixSpawnAbilities.find(libc, kernel);
        EventLoop loop = EventLoop.start(kernel);
        Sigchld.restore(kernel);
        if (!abilities.closesRest()) {
            LOG.warn("this libc has no posix_spawn_file_actions_addclosefrom_np: descriptors that native code opened"
                    + " without O_CLOEXEC reach children");
        }
        if (!abilities.pidfds()) {
            LOG.warn("no pidfds here: each child gets a waiter thread");
        }
        return new Running(new Launcher(new PosixSpawnEngine(libc, kernel, loop, abilities)), abilities);
    }
}
