// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.spawner.NativeSteps;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The engine {@code native}: children cloned from the library's own spawner thread. */
public final class NativeProvider implements SpawnProvider {
    private static final int PRIORITY = 100;

    private final RunningEngine running = new RunningEngine(new NativeSteps());

    /** For the service loader. */
    public NativeProvider() {}

    @Override
    public String name() {
        return "native";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public String mechanism() {
        return "native C core, ABI version " + Layout.ABI_VERSION;
    }

    @Override
    public Optional<String> unavailable() {
        return running.unavailable();
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        return running.spawn(request);
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        return running.spawnPipeline(requests);
    }

    @Override
    public List<HostAbility> abilities() {
        return running.abilities();
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        return running.reapOrphans(grace);
    }

    @Override
    public void shutdown() {
        running.shutDown();
    }
}
