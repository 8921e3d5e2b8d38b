// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A start that its caller no longer waits for: interrupted, timed out, or with descriptors that could not be handed over.
 *
 * <p>Runs on a thread of its own, since it may take as long as the file system that the child hangs in. Kills the child, reaps
 * it, closes everything, and only then gives the slot back: until its word is clear the child may still run in that memory.
 */
final class AbandonedStart {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CoreLibrary core;
    private final Slot slot;
    private long pause = FIRST_PAUSE_NANOS;

    private AbandonedStart(CoreLibrary core, Slot slot) {
        this.core = core;
        this.slot = slot;
    }

    /** Takes the slot over. {@code handedOver} is false if the reply did not arrive: only the spawner reaches the child. */
    static void takeOver(CoreLibrary core, Slot slot, boolean handedOver) {
        AbandonedStart start = new AbandonedStart(core, slot);
        CleanThreads.start("spawn4j-abandoned-start", handedOver ? start::untilAnswered : start::reapThroughSpawner);
    }

    private void untilAnswered() {
        while (true) {
            switch (slot.state()) {
                case Slot.STATE_QUEUED -> core.spawnCancel(slot.address);
                case Slot.STATE_TAKEN, Slot.STATE_CANCELLED -> pause();
                case Slot.STATE_CLONED -> {
                    if (core.spawnCollect(slot.address) < 0) {
                        reapThroughSpawner();
                    } else {
                        killAndReap(Launched.from(slot));
                    }
                    return;
                }
                default -> {
                    recycle();
                    return;
                }
            }
        }
    }

    private void killAndReap(Launched child) {
        child.kill(core);
        child.closePipes(core);
        NativeMemory record = new NativeMemory(ExitRecord.BYTES);
        Burial.reapWithin(core, child, record, Long.MAX_VALUE);
        Burial.closePidfd(core, child);
        recycle();
    }

    private void reapThroughSpawner() {
        while (true) {
            core.slotReap(slot.address);
            long result;
            do {
                result = core.slotAwait(slot.address, ANSWER_NANOS);
            } while (result == -Errno.EINPROGRESS);
            if (result != -Errno.EAGAIN) {
                recycle();
                return;
            }
            pause();
        }
    }

    private void recycle() {
        while (slot.isBusy()) {
            pause();
        }
        if (slot.hasFiles()) {
            core.takeBackFiles(slot.address);
        }
        slot.spawner.giveBack(slot);
    }

    private void pause() {
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
    }
}
