// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.child.Stages;
import io.spawn4j.linux.event.Deadline;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.spi.SpawnRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to start one child in one slot: owns the slot until the child runs its program, has failed, or is
 * abandoned.
 */
public final class Start {
    /** Longer waits are Java's: interruptible, bounded, and without a carrier thread held. */
    private static final long NATIVE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A spawner that takes no request at all for so long, while one waits, is stuck. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final CoreLibrary core;
    private final EventLoop loop;
    private final Spawner spawner;
    private final Slot slot;
    private final SpawnRequest request;
    private final Deadline deadline;
    private final boolean interruptedBefore;
    private boolean slotGone;

    /** What the child is to whoever kills it. */
    private final UnaryOperator<Launched> supervised;

    /** The stage of the child's exec. */
    private SpawnStage runs = SpawnStage.EXEC;

    Start(
            CoreLibrary core,
            EventLoop loop,
            Spawner spawner,
            Slot slot,
            SpawnRequest request,
            Deadline deadline,
            boolean interruptedBefore,
            UnaryOperator<Launched> supervised) {
        this.core = core;
        this.loop = loop;
        this.spawner = spawner;
        this.slot = slot;
        this.request = request;
        this.deadline = deadline;
        this.interruptedBefore = interruptedBefore;
        this.supervised = supervised;
    }

    /** Queues the request and waits for a moment; what {@link #finish} then has to deal with. */
    long begin(RedirectFiles files, RequestWriter.@Nullable Helper helper) {
        boolean written = false;
        try {
            RequestWriter.write(slot, request, files, helper);
            runs = helper == null ? SpawnStage.EXEC : SpawnStage.HELPER;
            written = true;
        } finally {
            if (!written) {
                spawner.giveBack(slot);
            }
        }
        return core.spawn(slot.address, Math.min(NATIVE_WAIT_NANOS, deadline.remaining()));
    }

    /**
     * Waits for the outcome.
     *
     * @return the running child, or null if the spawner is stuck or one of this JVM's own standard descriptors, which
     *     the child was to inherit, proved closed: then the request was not served, and is to be tried again
     */
    @Nullable
    Launched finish(long begun, RedirectFiles files) throws SpawnException {
        try {
            long result = begun == -Errno.EINPROGRESS ? waitLonger() : begun;
            if (slotGone) {
                return null;
            }
            SpawnStage stage = Stages.of(slot.stage());
            if (result == -Errno.EBADF && stage == SpawnStage.DESCRIPTORS && files.findClosedStandard()) {
                return null;
            }
            if (result < 0) {
                if (stage == SpawnStage.REPLY) {
                    abandon(false);
                }
                throw Failures.at(request, stage, (int) -result);
            }
            Launched child = slot.launched();
            if (slot.error() != 0 || stage != runs) {
                String end = Burial.bury(loop, child);
                throw slot.error() != 0
                        ? Failures.at(request, stage, slot.error())
                        : Failures.killedBeforeExec(request, stage, end);
            }
            return child;
        } finally {
            if (!slotGone) {
                spawner.giveBack(slot);
            }
        }
    }

    private long waitLonger() throws SpawnException {
        long lastProgress = System.nanoTime();
        int taken = spawner.taken();
        long pause = FIRST_PAUSE_NANOS;
        // ProcessBuilder starts children for a thread whose interrupt flag is set: only an interrupt since then counts.
        boolean interrupted = interruptedBefore && Thread.interrupted();
        try {
            while (true) {
                LockSupport.parkNanos(this, Math.max(1, Math.min(pause, deadline.remaining())));
                long result = core.spawnWait(slot.address, 0);
                if (result != -Errno.EINPROGRESS) {
                    return result;
                }
                if (Thread.interrupted()) {
                    interrupted = true;
                    throw giveUp(Errno.EINTR, "interrupted");
                }
                if (deadline.passed()) {
                    throw giveUp(
                            Errno.ETIMEDOUT,
                            "not started within "
                                    + request.policy().startTimeout().orElseThrow());
                }
                long now = System.nanoTime();
                if (slot.state() != Slot.STATE_QUEUED || spawner.taken() != taken) {
                    taken = spawner.taken();
                    lastProgress = now;
                } else if (now - lastProgress > STUCK_NANOS && core.spawnCancel(slot.address) == 0) {
                    spawner.markStuck();
                    spawner.giveBackCancelled(slot);
                    slotGone = true;
                    return -Errno.EAGAIN;
                }
                pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SpawnException giveUp(int errno, String why) {
        int state = slot.state();
        SpawnStage stage = state == Slot.STATE_QUEUED
                ? SpawnStage.SPAWNER
                : state == Slot.STATE_TAKEN ? SpawnStage.CLONE : Stages.of(slot.stage());
        abandon(true);
        return Failures.at(request, stage, errno, why + "; the child is being killed");
    }

    private void abandon(boolean handedOver) {
        slotGone = true;
        AbandonedStart.takeOver(core, loop, spawner, slot, handedOver, supervised);
    }
}
