// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Engine;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launcher;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider's engine from the first start to a shutdown, and again. */
final class RunningEngine<E extends Engine> {
    /** For ends that are being noticed, and buffers that are being given back, when it is asked to end. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Door<E> door;

    private record Up<E>(E engine, Launcher launcher) {}

    private volatile @Nullable Up<E> up;

    RunningEngine(Door<E> door) {
        this.door = door;
    }

    E engine() throws StartFailure {
        return door.open();
    }

    /** Why it can never run here, or empty; a passing shortage is no such reason. */
    Optional<String> unavailable() {
        try {
            engine();
            return Optional.empty();
        } catch (StartFailure e) {
            return Errno.isShortage(e.errno()) ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
        }
    }

    Launcher launcher(SpawnRequest request) throws SpawnException {
        Up<E> ready = up;
        if (ready == null) {
            try {
                E engine = engine();
                ready = new Up<>(engine, new Launcher(engine));
            } catch (StartFailure e) {
                throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
            }
            up = ready;
        }
        return ready.launcher();
    }

    Kernel kernel() {
        try {
            return engine().loop().kernel();
        } catch (StartFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Ends it by {@code end}, unless {@code inUse} still says why it cannot be. */
    synchronized void shutDown(Function<E, @Nullable String> inUse, Consumer<E> end) {
        E engine = door.ifOpen();
        if (engine == null) {
            return;
        }
        long began = System.nanoTime();
        String use = inUse.apply(engine);
        while (use != null && System.nanoTime() - began < PATIENCE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            use = inUse.apply(engine);
        }
        if (use != null) {
            throw new IllegalStateException("the spawn4j engine is in use: " + use);
        }
        up = null;
        door.forget();
        end.accept(engine);
    }
}
