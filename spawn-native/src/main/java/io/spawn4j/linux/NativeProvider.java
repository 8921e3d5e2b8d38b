// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launcher;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.orphan.OrphanWatch;
import io.spawn4j.linux.spawner.NativeSetup;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine {@code native}: children cloned from the library's own spawner thread. */
public final class NativeProvider implements SpawnProvider {
    private static final int PRIORITY = 100;

    private static final NativeSetup SETUP = new NativeSetup();

    private volatile @Nullable Launcher launcher;

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
    public Optional<String> unavailable() {
        return Optional.ofNullable(SETUP.unavailable());
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        return launcher(request).spawn(request);
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        return launcher(requests.get(0)).spawnPipeline(requests);
    }

    @Override
    public SpawnCapabilities capabilities() {
        try {
            return SETUP.capabilities(name());
        } catch (StartFailure e) {
            return new SpawnCapabilities(name(), "not set up yet: " + e.getMessage(), List.of());
        }
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        try {
            return OrphanWatch.start(SETUP.engine().loop().kernel(), LiveChildren::contains, grace);
        } catch (StartFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private Launcher launcher(SpawnRequest request) throws SpawnException {
        Launcher ready = launcher;
        if (ready == null) {
            try {
                ready = new Launcher(SETUP.engine());
            } catch (StartFailure e) {
                throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
            }
            launcher = ready;
        }
        return ready;
    }
}
