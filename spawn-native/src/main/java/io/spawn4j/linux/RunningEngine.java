// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Engine;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launcher;
import io.spawn4j.linux.child.LiveChildren;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.event.Gate;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A provider's engine from the first start to a shutdown, and again. */
final class RunningEngine<E extends Engine> {
    /** How an engine is ended. */
    interface End<E> {
        /** Why it cannot be ended now, or null. */
        @Nullable
        String inUse(E engine);

        /** Only when nothing is in use, and nobody can start anything. */
        void end(E engine);
    }

    /**
     * An engine with what starts children by it.
     *
     * @param gate whoever uses the engine is inside
     */
    record Up<E>(E engine, Launcher launcher, Gate gate) {}

    /** For ends that are being noticed, and buffers that are being given back, when it is asked to end. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Door<E> door;
    private final ReentrantLock ending = new ReentrantLock();
    private volatile @Nullable Up<E> up;

    RunningEngine(Door<E> door) {
        this.door = door;
    }

    /** Why it can never run here, or empty; a passing shortage is no such reason. */
    Optional<String> unavailable() {
        try {
            door.open();
            return Optional.empty();
        } catch (StartFailure e) {
            return Errno.isShortage(e.errno()) ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The engine, brought up if it is not; the caller is inside its gate, and has to leave it. */
    Up<E> enter() throws StartFailure {
        while (true) {
            Up<E> ready = up;
            if (ready == null) {
                ready = open();
            }
            if (ready.gate().enter()) {
                return ready;
            }
            awaitEnd();
        }
    }

    private void awaitEnd() {
        ending.lock();
        try {
            // A shutdown that was under way is over, and has ended the engine or let everybody in again.
            Thread.onSpinWait();
        } finally {
            ending.unlock();
        }
    }

    /** The same for a start. */
    Up<E> enter(SpawnRequest request) throws SpawnException {
        try {
            return enter();
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
        }
    }

    private Up<E> open() throws StartFailure {
        door.open(); // which may take seconds, so before the lock
        ending.lock();
        try {
            Up<E> known = up;
            if (known == null) {
                E engine = door.open();
                known = new Up<>(engine, new Launcher(engine), new Gate());
                up = known;
            }
            return known;
        } finally {
            ending.unlock();
        }
    }

    /** Ends it, unless it is in use. */
    void shutDown(End<E> end) {
        ending.lock();
        try {
            E engine = door.ifOpen();
            if (engine == null) {
                return;
            }
            Up<E> used = up;
            boolean ended = false;
            try {
                if (used != null) {
                    used.gate().shut();
                }
                String use = awaitUnused(engine, used, end);
                if (use != null) {
                    throw new IllegalStateException("the spawn4j engine is in use: " + use);
                }
                ended = true;
            } finally {
                if (!ended && used != null) {
                    used.gate().reopen();
                }
            }
            up = null;
            door.forget();
            end.end(engine);
        } finally {
            ending.unlock();
        }
    }

    private static <E> @Nullable String awaitUnused(E engine, @Nullable Up<E> used, End<E> end) {
        long began = System.nanoTime();
        boolean interrupted = Thread.interrupted(); // which would make every pause return at once
        try {
            while (true) {
                String use = whoUses(engine, used, end);
                if (use == null || System.nanoTime() - began > PATIENCE_NANOS) {
                    return use;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <E> @Nullable String whoUses(E engine, @Nullable Up<E> used, End<E> end) {
        if (used != null && !used.gate().isEmpty()) {
            return "a start is under way";
        }
        int children = LiveChildren.count();
        return children > 0 ? children + (children == 1 ? " child lives" : " children live") : end.inUse(engine);
    }
}
