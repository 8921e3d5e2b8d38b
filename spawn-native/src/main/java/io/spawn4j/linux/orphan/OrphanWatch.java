// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.spi.OrphanReaping;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks for orphans: often while zombies wait for their grace time to pass, rarely while there are
 * none.
 */
public final class OrphanWatch implements OrphanReaping {
    /** What a zombie ages by at most from one look to the next, as a part of the grace time. */
    private static final int LOOKS_IN_GRACE = 4;

    private final OrphanScan scan;
    private final long shortPause;
    private final long longPause;
    private final ReentrantLock looking = new ReentrantLock();
    private final Thread thread;

    private volatile boolean closed;
    private @Nullable String lastFailure;

    private OrphanWatch(OrphanScan scan, long graceNanos) {
        this.scan = scan;
        this.shortPause = graceNanos / LOOKS_IN_GRACE;
        this.longPause = 2 * graceNanos;
        this.thread = CleanThreads.create("spawn4j-orphans", this::run);
    }

    /** Begins; an {@link IllegalStateException} if this process adopts no orphans. */
    public static OrphanWatch start(Kernel kernel, LongPredicate own, Duration grace) {
        AdoptedChildren adopted = AdoptedChildren.ofThisProcess(kernel);
        OrphanWatch watch = new OrphanWatch(new OrphanScan(kernel, adopted, own, grace.toNanos()), grace.toNanos());
        watch.thread.start();
        return watch;
    }

    @Override
    public long reaped() {
        return scan.reaped();
    }

    @Override
    public void close() {
        looking.lock(); // a look that is under way may still reap
        try {
            closed = true;
        } finally {
            looking.unlock();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        long last = System.nanoTime();
        long pause = 0;
        while (true) {
            long now = System.nanoTime();
            // Not all the time that has passed: while the JVM stood still, nobody could collect anything.
            int left = look(Math.min(now - last, shortPause));
            last = now;
            pause = left > 0 ? shortPause : Math.min(Math.max(2 * pause, shortPause), longPause);
            if (!sleepUntil(System.nanoTime() + pause)) {
                return;
            }
        }
    }

    private int look(long nanos) {
        looking.lock();
        try {
            int left = closed ? 0 : scan.look(nanos);
            lastFailure = null;
            return left;
        } catch (Throwable e) { // nothing else would reap what comes later
            report(e);
            return 0;
        } finally {
            looking.unlock();
        }
    }

    /** false once it is closed. */
    private boolean sleepUntil(long due) {
        while (!closed) {
            long left = due - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // nobody's business here, and it would make every park return at once
        }
        return false;
    }

    private void report(Throwable e) {
        if (e.toString().equals(lastFailure)) {
            return;
        }
        lastFailure = e.toString();
        try {
            Log.warn(OrphanWatch.class, "looking for orphans failed and is tried again", e);
        } catch (Throwable appenderFailed) {
            e.addSuppressed(appenderFailed);
        }
    }
}
