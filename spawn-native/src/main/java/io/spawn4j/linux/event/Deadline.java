// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Until when one call of {@code start()} may take. Its waits are not interruptible: an interrupt stays set and is seen
 * later.
 */
public final class Deadline {
    private final long began = System.nanoTime();
    private final long nanos;

    /** From now on; null for one that never passes. */
    public Deadline(@Nullable Duration timeout) {
        this.nanos = timeout == null ? Long.MAX_VALUE : nanos(timeout);
    }

    /** As many as fit: {@code Long.MAX_VALUE} for 292 years and more. */
    public static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Nanoseconds, 0 once it has passed. */
    public long remaining() {
        return nanos == Long.MAX_VALUE ? nanos : Math.max(0, nanos - (System.nanoTime() - began));
    }

    public boolean passed() {
        return remaining() == 0;
    }

    /** Whether a permit was acquired in time. */
    public boolean acquire(Semaphore permits) {
        if (nanos == Long.MAX_VALUE) {
            permits.acquireUninterruptibly();
            return true;
        }
        return uninterrupted(() -> permits.tryAcquire(remaining(), TimeUnit.NANOSECONDS));
    }

    /** Whether the lock was acquired in time. */
    public boolean lock(ReentrantLock lock) {
        if (nanos == Long.MAX_VALUE) {
            lock.lock();
            return true;
        }
        return uninterrupted(() -> lock.tryLock(remaining(), TimeUnit.NANOSECONDS));
    }

    interface Wait {
        boolean once() throws InterruptedException;
    }

    /** What the wait returns, once it is not interrupted; an interrupt stays set. */
    static boolean uninterrupted(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.once();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
