// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.orphan.OrphanWatch;
import io.spawn4j.linux.posix.PosixSpawnAbilities;
import io.spawn4j.linux.posix.PosixSpawnEngine;
import io.spawn4j.linux.posix.PosixSteps;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine {@code posix_spawn}: the libc's own, for hosts where the C core cannot be loaded. */
public final class PosixSpawnProvider implements SpawnProvider {
    private static final int PRIORITY = 10;

    /** Made when it is needed: most JVMs run the other engine. */
    private static final class Holder {
        static final RunningEngine<PosixSpawnEngine> RUNNING =
                new RunningEngine<>(new Door<>("spawn4j-set-up", new PosixSteps()));

        private Holder() {}
    }

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
        return Holder.RUNNING.unavailable();
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        RunningEngine.Up<PosixSpawnEngine> up = Holder.RUNNING.enter(request);
        try {
            return up.launcher().spawn(request);
        } finally {
            up.gate().leave();
        }
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        RunningEngine.Up<PosixSpawnEngine> up = Holder.RUNNING.enter(requests.get(0));
        try {
            return up.launcher().spawnPipeline(requests);
        } finally {
            up.gate().leave();
        }
    }

    @Override
    public String mechanism() {
        return "the libc's posix_spawn";
    }

    @Override
    public List<HostAbility> abilities() {
        try {
            RunningEngine.Up<PosixSpawnEngine> up = Holder.RUNNING.enter();
            try {
                return rows(up.engine().abilities());
            } finally {
                up.gate().leave();
            }
        } catch (StartFailure e) {
            return List.of(new HostAbility("set-up", false, String.valueOf(e.getMessage())));
        }
    }

    private static List<HostAbility> rows(PosixSpawnAbilities abilities) {
        return List.of(
                new HostAbility(
                        "working directory", abilities.changesDirectory(), "posix_spawn_file_actions_addchdir_np"),
                new HostAbility(
                        "no stray descriptors", abilities.closesRest(), "posix_spawn_file_actions_addclosefrom_np"),
                new HostAbility("pidfds", abilities.pidfds(), "pidfd_open, and waitid with P_PIDFD"));
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        try {
            RunningEngine.Up<PosixSpawnEngine> up = Holder.RUNNING.enter();
            try {
                return OrphanWatch.start(up.engine().loop().kernel(), LiveChildren::contains, grace);
            } finally {
                up.gate().leave();
            }
        } catch (StartFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public void shutdown() {
        Holder.RUNNING.shutDown(new RunningEngine.End<>() {
            @Override
            public @Nullable String inUse(PosixSpawnEngine engine) {
                return engine.loop().inUse();
            }

            @Override
            public void end(PosixSpawnEngine engine) {
                engine.loop().close();
            }
        });
    }
}
