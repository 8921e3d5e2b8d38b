// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.SpawnCapabilities.Row;
import io.spawn4j.spi.SpawnProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of this JVM: chosen at first use and kept. A failed choice is not kept, since its cause may pass. */
final class Engine {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static volatile @Nullable EngineChoice chosen;

    private Engine() {}

    static SpawnProvider provider() throws SpawnException {
        return current().provider();
    }

    static EngineChoice current() throws SpawnException {
        EngineChoice known = chosen;
        return known != null ? known : chooseOnce();
    }

    private static EngineChoice chooseOnce() throws SpawnException {
        LOCK.lock();
        try {
            EngineChoice known = chosen;
            if (known != null) {
                return known;
            }
            EngineChoice choice = choose();
            announce(choice);
            chosen = choice;
            return choice;
        } finally {
            LOCK.unlock();
        }
    }

    private static EngineChoice choose() throws SpawnException {
        List<SpawnProvider> installed = new ArrayList<>();
        List<Row> unloadable = new ArrayList<>();
        // The library's own loader: the caller's context loader would be kept alive as long as the engine.
        ServiceLoader<SpawnProvider> loader =
                ServiceLoader.load(SpawnProvider.class, SpawnBuilder.class.getClassLoader());
        try {
            loader.stream().forEach(candidate -> load(candidate, installed, unloadable));
        } catch (ServiceConfigurationError broken) {
            throw new SpawnException(
                    "the installed spawn4j engines cannot be listed: " + broken.getMessage(),
                    SpawnStage.SPAWNER,
                    0,
                    "",
                    broken);
        }
        return EngineChoice.among(installed, unloadable, System.getProperty(EngineChoice.PROPERTY));
    }

    private static void load(
            ServiceLoader.Provider<SpawnProvider> candidate, List<SpawnProvider> installed, List<Row> unloadable) {
        try {
            installed.add(candidate.get());
        } catch (ServiceConfigurationError | LinkageError broken) {
            log.debug("spawn4j provider {} cannot be loaded", candidate.type().getName(), broken);
            unloadable.add(new Row("provider " + candidate.type().getName(), false, String.valueOf(broken)));
        }
    }

    static void announce(EngineChoice choice) {
        for (Row refused : choice.refused()) {
            log.warn(
                    "spawn4j falls back to engine {}: {} cannot run here: {}",
                    choice.provider().name(),
                    refused.name(),
                    refused.how());
        }
        if (log.isDebugEnabled()) {
            log.debug("spawn4j engine {}", choice.capabilities().summary());
        }
    }
}
