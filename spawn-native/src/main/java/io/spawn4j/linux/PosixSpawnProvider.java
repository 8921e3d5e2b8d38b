// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.posix.PosixSteps;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The engine {@code posix_spawn}: the libc's own, for hosts where the C core cannot be loaded. */
public final class PosixSpawnProvider implements SpawnProvider {
    private static final int PRIORITY = 10;

    /** Made when it is needed: most JVMs run the other engine. */
    private static final class Holder {
        static final RunningEngine RUNNING = new RunningEngine(new PosixSteps());

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
    public String mechanism() {
        return "the libc's posix_spawn";
    }

    @Override
    public Optional<String> unavailable() {
        return Holder.RUNNING.unavailable();
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        return Holder.RUNNING.spawn(request);
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        return Holder.RUNNING.spawnPipeline(requests);
    }

    @Override
    public List<HostAbility> abilities() {
        return Holder.RUNNING.abilities();
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        return Holder.RUNNING.reapOrphans(grace);
    }

    @Override
    public void shutdown() {
        Holder.RUNNING.shutDown();
    }
}
