// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reaps children that no caller will ever own: those that failed to start. */
final class Burial {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int QUICK_MILLIS = 500;

    private Burial() {}

    /**
     * Reaps a child that is as good as dead, closes what it left, and says how it ended. If it takes longer than it should (a
     * tracer, a hung file system) a thread of its own goes on.
     */
    static String bury(Kernel kernel, Launched child) {
        child.closePipes(kernel);
        NativeMemory record = new NativeMemory(ExitRecord.BYTES);
        if (child.pidfd() >= 0) {
            kernel.poll(child.pidfd(), Kernel.READABLE, QUICK_MILLIS);
        }
        long result = reapWithin(kernel, child, record, QUICK_MILLIS);
        if (result == 0) {
            CleanThreads.start("spawn4j-burial-" + child.pid(), () -> {
                reapWithin(kernel, child, record, Long.MAX_VALUE);
                closePidfd(kernel, child);
            });
            return "it has not ended yet";
        }
        closePidfd(kernel, child);
        return result == 1 ? ExitRecord.status(record.bytes).toString() : Errno.describe(-result);
    }

    /** 1: reaped. 0: not yet. -errno: nothing left to reap. */
    static long reapWithin(Kernel kernel, Launched child, NativeMemory record, long millis) {
        long pause = FIRST_PAUSE_NANOS;
        long began = System.nanoTime();
        while (true) {
            long result = child.reap(kernel, record.address);
            if (result != 0 && result != -Errno.EINTR) {
                return result;
            }
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) >= millis) {
                return 0;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        }
    }

    static void closePidfd(Kernel kernel, Launched child) {
        if (child.pidfd() >= 0) {
            kernel.close(child.pidfd());
        }
    }
}
