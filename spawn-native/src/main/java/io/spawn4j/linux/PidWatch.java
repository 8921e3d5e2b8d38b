// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.ExitStatus;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches a child by its number from a thread of its own, where the host has no pidfds. */
final class PidWatch implements ExitWatch {
    private final Kernel kernel;
    private final BufferPool buffers;
    private final int pid;
    private final ReentrantLock reaping = new ReentrantLock();
    private boolean reaped; // guarded by reaping: the number is the child's until then

    PidWatch(Kernel kernel, BufferPool buffers, int pid) {
        this.kernel = kernel;
        this.buffers = buffers;
        this.pid = pid;
    }

    @Override
    public void begin(LinuxChild child) {
        CleanThreads.start("spawn4j-wait-" + pid, () -> waitFor(child));
    }

    @Override
    public void watchNow() {
        // its thread does
    }

    private void waitFor(LinuxChild child) {
        // Two steps, so that the number is never freed outside the lock.
        long dead = kernel.awaitPid(pid);
        NativeMemory record = buffers.take();
        reaping.lock();
        try {
            long result = dead < 0 ? dead : kernel.reapPid(pid, record.address);
            reaped = true;
            if (result == 1) {
                child.ended(ExitRecord.status(record.bytes), ExitRecord.usage(record.bytes));
            } else {
                String why = result == -Errno.ECHILD
                        ? "stolen: another waiter in this process reaped the child"
                        : "waitid: " + Errno.describe(-result);
                child.ended(new ExitStatus.Unknown(why), null);
            }
        } finally {
            reaping.unlock();
            buffers.giveBack(record);
        }
    }

    @Override
    public boolean awaitBriefly(LinuxChild child, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
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

    @Override
    public <T> @Nullable T whileUnreaped(Supplier<@Nullable T> question) {
        reaping.lock();
        try {
            return reaped ? null : question.get();
        } finally {
            reaping.unlock();
        }
    }
}
