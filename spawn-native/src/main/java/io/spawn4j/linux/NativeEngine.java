// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.spi.SpawnRequest;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts children through the C core: takes a slot of the current spawner for each, and replaces a spawner that is stuck. */
final class NativeEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(NativeEngine.class);

    /** Starts in their first two milliseconds at a time: each needs a slot, and a slot three descriptors. */
    private static final int QUICK_STARTS = 128;

    private static final int ATTEMPTS = 4;

    private final CoreLibrary core;
    private final EventLoop loop;
    private final SpawnerSource spawners;
    private final Semaphore quickStarts = new Semaphore(QUICK_STARTS);
    private final ReentrantLock succession = new ReentrantLock();

    private volatile Spawner spawner;

    NativeEngine(CoreLibrary core, EventLoop loop, SpawnerSource spawners, Spawner first) {
        this.core = core;
        this.loop = loop;
        this.spawners = spawners;
        this.spawner = first;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    Spawner spawner() {
        return spawner;
    }

    @Override
    public Launched launch(SpawnRequest request, RedirectFiles files) throws SpawnException {
        boolean interrupted = Thread.currentThread().isInterrupted();
        Deadline deadline = new Deadline(request.policy().startTimeout().orElse(null));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Spawner current = spawner;
            Launched child = attempt(current, request, files, deadline, interrupted);
            if (child != null) {
                return child;
            }
            if (current.isStuck()) {
                replace(current, request);
            }
        }
        throw Failures.unprepared(request, new StartFailure("several spawner threads in a row took no requests"));
    }

    private @Nullable Launched attempt(
            Spawner current, SpawnRequest request, RedirectFiles files, Deadline deadline, boolean interrupted)
            throws SpawnException {
        Start start;
        long begun;
        if (!deadline.acquire(quickStarts)) {
            throw Failures.late(request, SpawnStage.SPAWNER);
        }
        try {
            start = new Start(core, loop, current.take(deadline), request, deadline, interrupted);
            begun = start.begin(files);
        } catch (StartFailure e) {
            if (deadline.passed()) {
                throw Failures.late(request, SpawnStage.SPAWNER);
            }
            if (current.isStuck()) {
                return null;
            }
            throw Failures.unprepared(request, e);
        } finally {
            quickStarts.release();
        }
        return start.finish(begun, files);
    }

    private void replace(Spawner stuck, SpawnRequest request) throws SpawnException {
        succession.lock();
        try {
            if (spawner == stuck) {
                LOG.warn(
                        "spawner thread {} takes no requests (stuck in the kernel, or stopped); starting another one",
                        stuck.tid());
                // The old thread is never ended: its children's parent-death signal hangs on it.
                spawner = spawners.start();
                stuck.retire();
            }
        } catch (StartFailure e) {
            throw Failures.unprepared(request, e);
        } finally {
            succession.unlock();
        }
    }
}
