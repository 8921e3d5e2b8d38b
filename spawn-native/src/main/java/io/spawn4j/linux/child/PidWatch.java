// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.ExitStatus;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Watches a child by its number from a thread of its own, where the host has no pidfds. */
final class PidWatch extends OneProcessWatch {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final Kernel kernel;
    private final BufferPool records;
    private final int pid;

    PidWatch(EventLoop loop, BufferPool records, int pid) {
        this.loop = loop;
        this.kernel = loop.kernel();
        this.records = records;
        this.pid = pid;
    }

    @Override
    public void begin(WatchedChild child) {
        try {
            CleanThreads.start("spawn4j-wait-" + pid, () -> {
                // Two steps, so that the number is never freed outside the lock.
                kernel.awaitPid(pid);
                while (!reap(child)) {
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            });
        } catch (OutOfMemoryError noThread) {
            Log.warn(PidWatch.class, "no thread to wait for {}: its end is looked for every 100 ms", child);
            look(child);
        }
    }

    private void look(WatchedChild child) {
        if (!reap(child)) {
            loop.schedule(RETRY_NANOS, () -> look(child));
        }
    }

    @Override
    public void watchNow() {
        // its thread does
    }

    /** Whether the child has ended. */
    private boolean reap(WatchedChild child) {
        NativeMemory record;
        try {
            record = records.take();
        } catch (OutOfMemoryError noDirectMemory) {
            return false; // the child stays a zombie until there is some again
        }
        reaping.lock();
        try {
            long result = kernel.reapPid(pid, record.address);
            if (result == 0 || result == -Errno.EINTR) {
                return false;
            }
            reaped = true;
            if (result == 1) {
                child.ended(ExitRecord.status(record.bytes), ExitRecord.usage(record.bytes));
            } else {
                String why = result == -Errno.ECHILD
                        ? "stolen: another waiter in this process reaped the child"
                        : "waitid: " + Errno.describe(-result);
                child.ended(new ExitStatus.Unknown(why), null);
            }
            return true;
        } finally {
            reaping.unlock();
            records.giveBack(record);
        }
    }

    @Override
    public boolean awaitHere(WatchedChild child, long nanos) {
        return child.hasEnded();
    }

    @Override
    public long signal(int signal) {
        reaping.lock();
        try {
            return reaped ? 0 : kernel.kill(pid, signal);
        } finally {
            reaping.unlock();
        }
    }
}
