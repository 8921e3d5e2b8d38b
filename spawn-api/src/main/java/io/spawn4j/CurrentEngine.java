// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.Headroom;
import io.spawn4j.spi.SpawnProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of this JVM: chosen at first use and kept until it is shut down. A failed choice is not kept, since its
 * cause may pass.
 */
final class CurrentEngine {
    /**
     * For the engine's jars, what it opens itself, and some of the application's jars that no class was loaded from
     * yet.
     */
    private static final int DESCRIPTORS = 16;

    private static final ReentrantLock LOCK = new ReentrantLock();

    /**
     * Every provider that was loaded, one of each class: an engine that is up is never lost sight of. Guarded by LOCK.
     */
    private static final List<SpawnProvider> KNOWN = new ArrayList<>();

    private static volatile @Nullable EngineChoice chosen;

    /**
     * Without a provider SLF4J prints lines on stderr when it is first touched: not before there is something to say.
     */
    private static final class Log {
        private static final Logger LOG = LoggerFactory.getLogger(CurrentEngine.class);

        private Log() {}
    }

    private CurrentEngine() {}

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

    /** Ends every engine that is up, and forgets the choice. */
    static void shutdown() {
        LOCK.lock();
        try {
            for (SpawnProvider provider : KNOWN) {
                provider.shutdown();
            }
            chosen = null;
        } finally {
            LOCK.unlock();
        }
    }

    private static EngineChoice choose() throws SpawnException {
        List<SpawnProvider> installed = new ArrayList<>();
        List<HostAbility> unloadable = new ArrayList<>();
        try {
            Headroom.require(DESCRIPTORS);
            // The library's own loader: the caller's context loader would be kept alive as long as the engine.
            Iterator<SpawnProvider> providers = ServiceLoader.load(
                            SpawnProvider.class, CurrentEngine.class.getClassLoader())
                    .iterator();
            boolean more = true;
            while (more) {
                more = load(providers, installed, unloadable);
            }
            requireToSeeThem(installed, unloadable);
            return EngineChoice.among(installed, unloadable, System.getProperty(EngineChoice.PROPERTY));
        } catch (SecurityException refused) {
            throw new SpawnException(
                    "the security manager refuses what the installed spawn4j engines need: " + refused.getMessage(),
                    SpawnStage.SPAWNER,
                    0,
                    "",
                    refused);
        }
    }

    // A class loader shows nothing, and says nothing, of a jar that some code on the stack may not read.
    @SuppressWarnings("removal")
    private static void requireToSeeThem(List<SpawnProvider> installed, List<HostAbility> unloadable) {
        if (installed.isEmpty() && unloadable.isEmpty() && System.getSecurityManager() != null) {
            throw new SecurityException("access denied (\"java.io.FilePermission\" \"read\" of spawn-native's jar and"
                    + " those that it needs, to all code that calls), or none is installed");
        }
    }

    /** Whether there may be more. One that cannot be loaded, or a list of them that cannot be read, is passed over. */
    private static boolean load(
            Iterator<SpawnProvider> providers, List<SpawnProvider> installed, List<HostAbility> unloadable) {
        try {
            if (!providers.hasNext()) {
                return false;
            }
            installed.add(known(providers.next()));
        } catch (ServiceConfigurationError | LinkageError broken) {
            unloadable.add(new HostAbility("a provider", false, String.valueOf(broken)));
        }
        return true;
    }

    // The one that is there already may have an engine up.
    private static SpawnProvider known(SpawnProvider loaded) {
        for (SpawnProvider known : KNOWN) {
            if (known.getClass() == loaded.getClass()) {
                return known;
            }
        }
        KNOWN.add(loaded);
        return loaded;
    }

    static void announce(EngineChoice choice) {
        for (HostAbility refused : choice.refused()) {
            Log.LOG.warn(
                    "spawn4j falls back to engine {}: {} cannot run here: {}",
                    choice.provider().name(),
                    refused.name(),
                    refused.how());
        }
    }
}
