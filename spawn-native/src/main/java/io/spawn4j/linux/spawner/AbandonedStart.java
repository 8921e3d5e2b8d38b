// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.Signal;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A start that its caller no longer waits for: interrupted, timed out, or with descriptors that could not be handed
 * over.
 *
 * <p>Kills the child, reaps it, closes everything, and only then gives the slot back: until its word is clear the child
 * may still run in that memory, and that may take as long as the file system that it hangs in. Moves on in steps that
 * do not block, on the event thread, so that it needs no thread where none can be had; the last one, which may close
 * files, has its own.
 */
final class AbandonedStart {
    enum Phase {
        UNANSWERED,
        OUT_OF_REACH,
        DYING,
        REAPED
    }

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final CoreLibrary core;
    private final EventLoop loop;
    private final Spawner spawner;
    private final Slot slot;
    private final NativeMemory record = new NativeMemory(ExitRecord.BYTES);

    private final UnaryOperator<Launched> supervised;

    private Phase phase;
    private Launched child = Launched.NONE;
    private boolean reapAsked;
    private long pause = FIRST_PAUSE_NANOS;

    private AbandonedStart(
            CoreLibrary core,
            EventLoop loop,
            Spawner spawner,
            Slot slot,
            Phase phase,
            UnaryOperator<Launched> supervised) {
        this.core = core;
        this.loop = loop;
        this.spawner = spawner;
        this.slot = slot;
        this.phase = phase;
        this.supervised = supervised;
    }

    /**
     * Takes the slot over. {@code handedOver} is false if the reply did not arrive: only the spawner reaches the child.
     */
    static void takeOver(
            CoreLibrary core,
            EventLoop loop,
            Spawner spawner,
            Slot slot,
            boolean handedOver,
            UnaryOperator<Launched> supervised) {
        new AbandonedStart(core, loop, spawner, slot, handedOver ? Phase.UNANSWERED : Phase.OUT_OF_REACH, supervised)
                .step();
    }

    private void step() {
        boolean done = false;
        try {
            done = advance();
        } catch (Throwable e) {
            Log.warn(AbandonedStart.class, "clearing up after an abandoned start is tried again", e);
        }
        if (!done) {
            loop.schedule(pause, this::step);
            pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        }
    }

    /** Goes as far as it can without waiting; whether that was the end. */
    private boolean advance() {
        if (phase == Phase.UNANSWERED) {
            lookForAnswer();
        }
        if (phase == Phase.OUT_OF_REACH) {
            reapThroughSpawner();
        }
        if (phase == Phase.DYING) {
            killBeforeExec();
            long result = child.reap(core, record.address);
            if (result != 0 && result != -Errno.EINTR) {
                phase = Phase.REAPED;
                child.closePidfd(core);
            }
        }
        if (phase != Phase.REAPED || slot.isBusy()) {
            return false;
        }
        CleanThreads.start("spawn4j-abandoned-start", this::recycle);
        return true;
    }

    // A supervisor is asked to end, because it may have started something by now. One that is not yet past its exec
    // would start nothing, since its socket is closed; but it may hang on the way.
    private void killBeforeExec() {
        Launched.Supervisor supervisor = child.supervisor();
        if (supervisor != null && supervisor.pidfd() >= 0 && slot.isBusy()) {
            core.pidfdSignal(supervisor.pidfd(), Signal.SIGKILL.number());
        }
    }

    private void lookForAnswer() {
        switch (slot.state()) {
            case Slot.STATE_QUEUED -> core.spawnCancel(slot.address);
            case Slot.STATE_TAKEN, Slot.STATE_CANCELLED -> {}
            case Slot.STATE_CLONED -> {
                if (core.spawnCollect(slot.address) < 0) {
                    phase = Phase.OUT_OF_REACH;
                } else {
                    child = supervised.apply(slot.launched());
                    phase = Phase.DYING;
                    child.kill(core);
                    child.closePipes(core);
                }
            }
            default -> phase = Phase.REAPED;
        }
    }

    private void reapThroughSpawner() {
        if (!reapAsked) {
            core.slotReap(slot.address);
            reapAsked = true;
        }
        long result = core.slotAwait(slot.address, 0);
        if (result == -Errno.EINPROGRESS) {
            return;
        }
        reapAsked = false;
        if (result != -Errno.EAGAIN) {
            phase = Phase.REAPED;
        }
    }

    private void recycle() {
        if (slot.hasFiles()) {
            core.takeBackFiles(slot.address);
        }
        spawner.giveBack(slot);
    }
}
