// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.orphan.OrphanWatch;
import io.spawn4j.linux.spawner.NativeAbilities;
import io.spawn4j.linux.spawner.NativeEngine;
import io.spawn4j.linux.spawner.NativeSteps;
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

    private final NativeSteps steps = new NativeSteps();
    private final RunningEngine<NativeEngine> running = new RunningEngine<>(new Door<>("spawn4j-set-up", steps));

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
        return running.unavailable();
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        RunningEngine.Up<NativeEngine> up = running.enter(request);
        try {
            return up.launcher().spawn(request);
        } finally {
            up.gate().leave();
        }
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        RunningEngine.Up<NativeEngine> up = running.enter(requests.get(0));
        try {
            return up.launcher().spawnPipeline(requests);
        } finally {
            up.gate().leave();
        }
    }

    @Override
    public String mechanism() {
        return "native C core, ABI version " + Layout.ABI_VERSION;
    }

    @Override
    public List<HostAbility> abilities() {
        try {
            RunningEngine.Up<NativeEngine> up = running.enter();
            try {
                return new NativeAbilities(up.engine()).rows();
            } finally {
                up.gate().leave();
            }
        } catch (StartFailure e) {
            return List.of(new HostAbility("set-up", false, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        try {
            RunningEngine.Up<NativeEngine> up = running.enter();
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
        running.shutDown(new RunningEngine.End<>() {
            @Override
            public @Nullable String inUse(NativeEngine engine) {
                return engine.inUse();
            }

            @Override
            public void end(NativeEngine engine) {
                try {
                    engine.close();
                } finally {
                    steps.forget();
                }
            }
        });
    }
}
