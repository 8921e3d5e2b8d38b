// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.event.Deadline;
import io.spawn4j.linux.kernel.CFunction;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.StartFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One native spawner thread and the slots that it has adopted. It ends with the engine; a stuck one never does. */
final class Spawner {
    /** Bits of {@code s4j_spawner.avoid}. */
    static final int AVOID_CLONE3 = 1;

    static final int AVOID_CLOSE_RANGE = 2;
    static final int AVOID_PIDFD = 4;

    /** Values of {@code s4j_spawner.table}. */
    static final int TABLE_CLOSE_RANGE = 0;

    static final int TABLE_UNSHARE = 1;
    static final int TABLE_SHARED = 2;

    /** Closing an inherited copy of a file on a dead file system can hang. */
    private static final long START_SECONDS = 10;

    private static final long ADOPT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int KEPT_SLOTS = 64;
    private static final long RETIRED_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final CoreLibrary core;

    /** pthread_join(3). */
    private final @Nullable CFunction join;

    private final Layout layout;
    private final long address;
    private final ByteBuffer fields;
    private final ConcurrentLinkedDeque<Slot> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger freeCount = new AtomicInteger();

    /** Slots that exist, wherever they are. */
    private final AtomicInteger slots = new AtomicInteger();

    /** Addresses of slots to free once the thread, which is stuck, goes on. */
    private final ConcurrentLinkedQueue<Long> retired = new ConcurrentLinkedQueue<>();

    private final ReentrantLock adopting = new ReentrantLock();

    /** The slot that the thread has yet to adopt, or 0; the next caller waits on for one whose deadline has passed. */
    private long unadopted; // guarded by adopting

    private long adoptingSince; // guarded by adopting

    private volatile boolean stuck;

    private Spawner(CoreLibrary core, @Nullable CFunction join, Layout layout, long address) {
        this.core = core;
        this.join = join;
        this.layout = layout;
        this.address = address;
        this.fields = NativeMemory.at(address, layout.spawnerBytes);
    }

    /** Creates the thread, which then sets itself up. */
    static Spawner create(CoreLibrary core, @Nullable CFunction join, Layout layout, int avoid) throws StartFailure {
        long address = core.map(layout.spawnerBytes);
        if (address < 0) {
            throw new StartFailure("mmap", (int) -address);
        }
        long started = core.spawnerStart(address, avoid);
        if (started < 0) {
            core.unmap(address, layout.spawnerBytes);
            throw new StartFailure("starting the spawner thread", (int) -started);
        }
        return new Spawner(core, join, layout, address);
    }

    /**
     * Waits until the thread has a descriptor table of its own and has tested itself. After ETIMEDOUT it may be called
     * again; after any other failure the thread is gone.
     */
    void awaitReady() throws StartFailure {
        long ready = 0;
        for (int second = 0; second < START_SECONDS && ready == 0; second++) {
            ready = core.spawnerAwait(address, TimeUnit.SECONDS.toNanos(1));
        }
        if (ready == 0) {
            throw new StartFailure(
                    "the spawner thread has been closing its copies of this process's descriptors for " + START_SECONDS
                            + " s (is a file of a dead file system open?)",
                    Errno.ETIMEDOUT);
        }
        int control = fields.getInt(layout.spawnerControl);
        int peer = fields.getInt(layout.spawnerControlPeer);
        if (ready < 0) {
            boolean joined = joinThread();
            core.close(control);
            core.close(peer);
            if (joined) {
                core.unmap(address, layout.spawnerBytes);
            }
            throw new StartFailure("the spawner thread's set-up and self-test", (int) -ready);
        }
        if (table() != TABLE_SHARED) {
            core.close(peer);
        }
    }

    // It ends by itself; its stack stays until it is joined, and its memory is its own until then.
    private boolean joinThread() {
        if (join == null) {
            Log.warn(Spawner.class, "this libc has no pthread_join: the memory of a spawner thread that ended stays");
            return false;
        }
        join.call(fields.getLong(layout.spawnerThread), 0);
        return true;
    }

    /** Why the thread cannot be ended now, or null. Then it has just given up all its slots, and so is not stuck. */
    @Nullable
    String inUse() {
        for (Slot slot = free.pollFirst(); slot != null && !stuck; slot = free.pollFirst()) {
            freeCount.decrementAndGet();
            release(slot);
        }
        return stuck ? "a spawner thread is stuck" : slots.get() > 0 ? "a start is under way" : null;
    }

    /** Ends the thread: only when nothing is {@link #inUse()}, and nothing will be. */
    void close() {
        core.spawnerLeave(address);
        boolean shared = table() == TABLE_SHARED;
        int control = fields.getInt(layout.spawnerControl);
        int peer = fields.getInt(layout.spawnerControlPeer);
        boolean joined = joinThread();
        core.close(control);
        if (shared) {
            core.close(peer);
        }
        if (joined) {
            core.unmap(address, layout.spawnerBytes);
        }
    }

    private void release(Slot slot) {
        core.slotRelease(slot.address);
        long released = core.slotAwait(slot.address, ADOPT_NANOS);
        if (released == -Errno.EINPROGRESS) {
            stuck = true;
            retired.add(slot.address); // whoever notices retires the spawner
        } else {
            core.slotFree(slot.address);
            slots.decrementAndGet();
        }
    }

    /** Notes that the thread took no requests for too long. What it has in its queue stays there. */
    void markStuck() {
        stuck = true;
    }

    boolean isStuck() {
        return stuck;
    }

    /** Takes a slot whose request was cancelled: the thread has yet to drop it from its queue. */
    void giveBackCancelled(Slot slot) {
        retired.add(slot.address);
    }

    /**
     * Lets a stuck thread's slots go: as soon as the thread goes on, if it ever does, each slot is freed that no caller
     * has any more. The thread itself stays, for its children's sake.
     */
    void retire() {
        stuck = true;
        CleanThreads.start("spawn4j-retired", this::freeSlots);
    }

    private void freeSlots() {
        retireUnadopted();
        while (slots.get() > 0) {
            for (Slot slot = free.pollFirst(); slot != null; slot = free.pollFirst()) {
                retired.add(slot.address);
            }
            Long slot = retired.poll();
            if (slot == null) {
                LockSupport.parkNanos(RETIRED_PAUSE_NANOS);
            } else {
                await(slot);
                core.slotRelease(slot);
                await(slot);
                core.slotFree(slot);
                slots.decrementAndGet();
            }
        }
    }

    private void retireUnadopted() {
        adopting.lock();
        try {
            if (unadopted != 0) {
                retired.add(unadopted);
                unadopted = 0;
            }
        } finally {
            adopting.unlock();
        }
    }

    private void await(long slot) {
        while (core.slotAwait(slot, RETIRED_PAUSE_NANOS) == -Errno.EINPROGRESS) {
            LockSupport.parkNanos(RETIRED_PAUSE_NANOS);
        }
    }

    /** A free slot, or a new one. Fails with ETIMEDOUT at the deadline, or once the thread is seen to be stuck. */
    Slot take(Deadline deadline) throws StartFailure {
        Slot slot = free.pollFirst();
        if (slot == null) {
            return create(deadline);
        }
        freeCount.decrementAndGet();
        return slot;
    }

    void giveBack(Slot slot) {
        if (slot.isBusy()) {
            throw new IllegalStateException("a child still runs in this slot");
        }
        slot.trim();
        if (stuck) {
            retired.add(slot.address);
            return;
        }
        if (freeCount.incrementAndGet() <= KEPT_SLOTS) {
            free.addFirst(slot);
            return;
        }
        freeCount.decrementAndGet();
        release(slot);
    }

    // One at a time: the spawner takes a message for another slot to be one that was left over.
    private Slot create(Deadline deadline) throws StartFailure {
        if (!deadline.lock(adopting)) {
            throw unanswered();
        }
        try {
            if (stuck) { // the caller before us has waited long enough for all
                throw unanswered();
            }
            if (unadopted == 0) {
                unadopted = newSlot();
                adoptingSince = System.nanoTime();
            }
            long adopted;
            do { // a signal ends a native wait early
                long patience = ADOPT_NANOS - (System.nanoTime() - adoptingSince);
                if (patience <= 0) {
                    stuck = true;
                    retireUnadopted();
                }
                if (patience <= 0 || deadline.passed()) {
                    throw unanswered();
                }
                adopted = core.slotAwait(unadopted, Math.min(patience, deadline.remaining()));
            } while (adopted == -Errno.EINPROGRESS);
            long created = unadopted;
            unadopted = 0;
            if (adopted < 0) {
                slots.decrementAndGet();
                core.slotFree(created);
                throw new StartFailure("handing a request slot to the spawner (recvmsg)", (int) -adopted);
            }
            return new Slot(created, layout);
        } finally {
            adopting.unlock();
        }
    }

    private long newSlot() throws StartFailure {
        long created = core.slotNew(address);
        if (created < 0) {
            throw new StartFailure("making a request slot (mmap, socketpair, sendmsg)", (int) -created);
        }
        slots.incrementAndGet();
        return created;
    }

    private static StartFailure unanswered() {
        return new StartFailure("the spawner thread, which takes no requests", Errno.ETIMEDOUT);
    }

    /** Requests taken so far; wraps around. */
    int taken() {
        return fields.getInt(layout.spawnerTaken);
    }

    int table() {
        return fields.getInt(layout.spawnerTable);
    }

    int avoid() {
        return fields.getInt(layout.spawnerAvoid);
    }

    boolean hasPidfds() {
        return (avoid() & AVOID_PIDFD) == 0;
    }

    boolean usesClone3() {
        return (avoid() & AVOID_CLONE3) == 0;
    }

    String whyNoPidfds() {
        return pidfdError() == 0 ? "refused by the seccomp filter" : Errno.describe(pidfdError());
    }

    /** Thread id, as in /proc/self/task. */
    int tid() {
        return fields.getInt(layout.spawnerTid);
    }

    int closeRangeError() {
        return fields.getInt(layout.spawnerCloseRangeError);
    }

    int unshareError() {
        return fields.getInt(layout.spawnerUnshareError);
    }

    int schedulingError() {
        return fields.getInt(layout.spawnerSchedulingError);
    }

    int clone3Error() {
        return fields.getInt(layout.spawnerClone3Error);
    }

    private int pidfdError() {
        return fields.getInt(layout.spawnerPidfdError);
    }
}
