// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
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
import io.spawn4j.linux.orphan.OrphanWatch;
import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What both providers are: an engine behind a door, from the first start to a shutdown, and again. */
final class RunningEngine implements Door.Steps<RunningEngine.Up> {
    /**
     * An engine with what starts children by it.
     *
     * @param gate whoever uses the engine is inside
     */
    record Up(Engine engine, Launcher launcher, Gate gate) implements AutoCloseable {
        /** Leaves the gate. */
        @Override
        public void close() {
            gate.leave();
        }
    }

    /** For ends that are being noticed, and buffers that are being given back, when it is asked to end. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Door.Steps<? extends Engine> steps;
    private final Door<Up> door = new Door<>("spawn4j-set-up", this);
    private final ReentrantLock ending = new ReentrantLock();

    RunningEngine(Door.Steps<? extends Engine> steps) {
        this.steps = steps;
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

    ChildProcess spawn(SpawnRequest request) throws SpawnException {
        try (Up up = enter(request)) {
            return up.launcher().spawn(request);
        }
    }

    List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        try (Up up = enter(requests.get(0))) {
            return up.launcher().spawnPipeline(requests);
        }
    }

    List<HostAbility> abilities() {
        try (Up up = enter()) {
            return up.engine().abilities();
        } catch (StartFailure e) {
            return List.of(new HostAbility("set-up", false, String.valueOf(e.getMessage())));
        }
    }

    OrphanReaping reapOrphans(Duration grace) {
        try (Up up = enter()) {
            return OrphanWatch.start(up.engine().loop().kernel(), LiveChildren::contains, grace);
        } catch (StartFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Ends the engine, unless it is in use. Until then, whoever asks for one waits at the gate or at the door. */
    void shutDown() {
        ending.lock();
        try {
            Up up = door.ifOpen();
            if (up == null) {
                return;
            }
            boolean unused = false;
            try {
                up.gate().shut();
                String use = awaitUnused(up);
                if (use != null) {
                    throw new IllegalStateException("the spawn4j engine is in use: " + use);
                }
                unused = true;
            } finally {
                if (!unused) {
                    up.gate().reopen();
                }
            }
            try {
                up.engine().close();
            } finally {
                door.forget();
            }
        } finally {
            ending.unlock();
        }
    }

    /** For the door. */
    @Override
    public Up open() throws StartFailure {
        Engine engine = steps.open();
        boolean done = false;
        try {
            Up up = new Up(engine, new Launcher(engine), new Gate());
            done = true;
            return up;
        } finally {
            if (!done) {
                engine.close();
            }
        }
    }

    /** For the door. */
    @Override
    public void forget() {
        steps.forget();
    }

    private Up enter(SpawnRequest request) throws SpawnException {
        try {
            return enter();
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
        }
    }

    /** The engine, brought up if it is not; the caller is inside its gate, and has to leave it. */
    private Up enter() throws StartFailure {
        while (true) {
            Up up = door.open();
            if (up.gate().enter()) {
                return up;
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

    private static @Nullable String awaitUnused(Up up) {
        long began = System.nanoTime();
        boolean interrupted = Thread.interrupted(); // which would make every pause return at once
        try {
            while (true) {
                String use = whoUses(up);
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

    private static @Nullable String whoUses(Up up) {
        if (!up.gate().isEmpty()) {
            return "a start is under way";
        }
        int children = LiveChildren.count();
        return children > 0
                ? children + (children == 1 ? " child lives" : " children live")
                : up.engine().inUse();
    }
}
