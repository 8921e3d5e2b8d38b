// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** One native spawner thread and the slots that it has adopted. The thread never ends. */
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

    private final CoreLibrary core;
    private final Layout layout;
    private final long address;
    private final Pointer fields;
    private final ConcurrentLinkedDeque<Slot> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger freeCount = new AtomicInteger();
    private final ReentrantLock adopting = new ReentrantLock();

    private volatile boolean stuck;

    private Spawner(CoreLibrary core, Layout layout, long address) {
        this.core = core;
        this.layout = layout;
        this.address = address;
        this.fields = Runtime.getSystemRuntime().getMemoryManager().newPointer(address, layout.spawnerBytes);
    }

    /** Creates the thread and waits until it has a descriptor table of its own and has tested itself. */
    static Spawner start(CoreLibrary core, Layout layout, int avoid) throws StartFailure {
        long address = core.map(layout.spawnerBytes);
        if (address < 0) {
            throw new StartFailure("mmap", (int) -address);
        }
        Spawner spawner = new Spawner(core, layout, address);
        StartFailure.check("starting the spawner thread", core.spawnerStart(address, avoid));
        // The peer's number, before the thread's own table makes it somebody else's.
        int control = spawner.fields.getInt(layout.spawnerControl);
        int peer = spawner.fields.getInt(layout.spawnerControlPeer);
        long ready = 0;
        for (int second = 0; second < START_SECONDS && ready == 0; second++) {
            ready = core.spawnerAwait(address, TimeUnit.SECONDS.toNanos(1));
        }
        if (ready == 0) {
            // The thread may still use its memory and its sockets: they stay.
            throw new StartFailure(
                    "the spawner thread, closing its copies of this process's descriptors for " + START_SECONDS
                            + " s (is a file of a dead file system open?)",
                    Errno.ETIMEDOUT);
        }
        if (ready < 0) {
            core.close(control);
            core.close(peer);
            core.unmap(address, layout.spawnerBytes);
            throw new StartFailure("the spawner thread's self-test", (int) -ready);
        }
        if (spawner.table() != TABLE_SHARED) {
            core.close(peer);
        }
        return spawner;
    }

    /** Notes that the thread took no requests for too long. What it has in its queue stays there. */
    void markStuck() {
        stuck = true;
    }

    boolean isStuck() {
        return stuck;
    }

    /** A free slot, or a new one. */
    Slot take() throws StartFailure {
        Slot slot = free.pollFirst();
        if (slot == null) {
            return create();
        }
        freeCount.decrementAndGet();
        return slot;
    }

    void giveBack(Slot slot) {
        if (slot.isBusy()) {
            throw new IllegalStateException("a child still runs in this slot");
        }
        slot.trim();
        if (freeCount.incrementAndGet() <= KEPT_SLOTS) {
            free.addFirst(slot);
            return;
        }
        freeCount.decrementAndGet();
        core.slotRelease(slot.address);
        long released = core.slotAwait(slot.address, ADOPT_NANOS);
        if (released != -Errno.EINPROGRESS) {
            core.slotFree(slot.address);
        }
        // Else the spawner is stuck and will come to it some day: the memory and two sockets stay.
    }

    // The spawner does not tell one adoption's message from another's: one at a time.
    private Slot create() throws StartFailure {
        adopting.lock();
        try {
            long created = core.slotNew(address);
            if (created < 0) {
                throw new StartFailure("making a request slot (mmap, socketpair, sendmsg)", (int) -created);
            }
            long adopted = core.slotAwait(created, ADOPT_NANOS);
            if (adopted == -Errno.EINPROGRESS) {
                stuck = true;
                throw new StartFailure("the spawner thread, which takes no requests", Errno.ETIMEDOUT);
            }
            if (adopted < 0) {
                core.slotFree(created);
                throw new StartFailure("handing a request slot to the spawner (recvmsg)", (int) -adopted);
            }
            return new Slot(this, created, layout);
        } finally {
            adopting.unlock();
        }
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

    int pidfdError() {
        return fields.getInt(layout.spawnerPidfdError);
    }
}
