// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reaps a child that no caller will ever own: one that failed to start, and is as good as dead. */
public final class Burial {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int QUICK_MILLIS = 500;

    private final EventLoop loop;
    private final Launched child;
    private final NativeMemory record;
    private long pause = FIRST_PAUSE_NANOS;

    private Burial(EventLoop loop, Launched child, NativeMemory record) {
        this.loop = loop;
        this.child = child;
        this.record = record;
    }

    /**
     * Reaps the child, closes what it left, and says how it ended. If that takes longer than it should (a tracer, a
     * hung file system) the event thread goes on.
     */
    public static String bury(EventLoop loop, Launched child) {
        return bury(loop, child, new NativeMemory(ExitRecord.BYTES));
    }

    /** The same with an exit record that was made before there was a child to lose. */
    public static String bury(EventLoop loop, Launched child, NativeMemory record) {
        child.closePipes(loop.kernel());
        return new Burial(loop, child, record).quickly();
    }

    /**
     * The same for a child that has been killed and may hang: the event thread does it, and the caller need not wait.
     */
    public static void leave(EventLoop loop, Launched child, NativeMemory record) {
        child.closePipes(loop.kernel());
        new Burial(loop, child, record).goOn();
    }

    private String quickly() {
        if (child.directPidfd() >= 0) {
            loop.kernel().poll(child.directPidfd(), Kernel.READABLE, QUICK_MILLIS);
        }
        long began = System.nanoTime();
        long result = tryOnce();
        while (result == 0 && System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(QUICK_MILLIS)) {
            LockSupport.parkNanos(nextPause());
            result = tryOnce();
        }
        if (result == 0) {
            loop.schedule(nextPause(), this::goOn);
            return "it has not ended yet";
        }
        return result == 1 ? ExitRecord.status(record.bytes).toString() : Errno.describe(-result);
    }

    private void goOn() {
        if (tryOnce() == 0) {
            loop.schedule(nextPause(), this::goOn);
        }
    }

    /** 0: not yet. Otherwise the child is gone and its pidfd closed. */
    private long tryOnce() {
        long result = child.reap(loop.kernel(), record.address);
        if (result == 0 || result == -Errno.EINTR) {
            return 0;
        }
        child.closePidfd(loop.kernel());
        return result;
    }

    private long nextPause() {
        long next = pause;
        pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        return next;
    }
}
