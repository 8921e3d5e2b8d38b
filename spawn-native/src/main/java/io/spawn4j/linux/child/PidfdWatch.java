// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceUsage;
import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Watches a child through the pidfd that it was born with.
 *
 * <p>The event thread reaps, unless a platform thread waits for the child already: then that thread takes the pidfd off
 * the event thread's set and reaps by itself.
 */
final class PidfdWatch extends OneProcessWatch implements EventLoop.Handler, Runnable {
    private static final int EVENTS = Kernel.READABLE | Kernel.ONE_SHOT;
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int STOLEN_RETRIES = 12;

    private final EventLoop loop;
    private final BufferPool records;
    private final Pidfd process;
    private final Descriptor pidfd;
    private final AtomicBoolean directWaiter = new AtomicBoolean();

    private @Nullable WatchedChild child;

    /** 0 until the event thread watches. */
    private volatile long token;

    // Guarded by reaping.
    private long retryNanos = FIRST_RETRY_NANOS;
    private int stolenRetries;
    private boolean retryScheduled;

    /** Takes over the descriptor. */
    PidfdWatch(EventLoop loop, BufferPool records, int pidfd) {
        this.loop = loop;
        this.records = records;
        this.process = new Pidfd(loop, pidfd);
        this.pidfd = process.descriptor();
    }

    /** Off the list of those that are soon to be watched. */
    @Override
    public void run() {
        if (!directWaiter.get()) {
            watchNow();
        }
    }

    // Most children that somebody waits for are gone before the event thread would have to know of them.
    @Override
    public void begin(WatchedChild watched) {
        child = watched;
        loop.soon(this);
    }

    @Override
    public void watchNow() {
        int fd = pidfd.enter();
        if (fd < 0) {
            return;
        }
        reaping.lock();
        try {
            if (reaped || token != 0) {
                return;
            }
            pidfd.markOnEventLoop();
            token = loop.register(this);
            long added = loop.kernel().epollAdd(loop.epoll(), fd, EVENTS, token);
            if (added < 0) {
                lookNowAndThen(added);
            }
        } finally {
            reaping.unlock();
            pidfd.leave();
        }
    }

    @Override
    public void ready(int events) {
        tryToReap();
    }

    @Override
    public boolean awaitHere(WatchedChild watched, long nanos) throws InterruptedException {
        if (!directWaiter.compareAndSet(false, true)) {
            return false;
        }
        try {
            return untilReadable(nanos) ? tryToReap() : watched.hasEnded();
        } finally {
            directWaiter.set(false);
            watchNow();
        }
    }

    /** Off the event thread's set, so that it is not woken as well, and back on it if the child lives on. */
    private boolean untilReadable(long nanos) throws InterruptedException {
        int fd = pidfd.enter();
        if (fd < 0) {
            return false;
        }
        boolean readable = false;
        boolean takenOff = token != 0 && loop.kernel().epollRemove(loop.epoll(), fd) == 0;
        try {
            readable = loop.waits().untilReadable(fd, nanos);
        } finally {
            if (takenOff) {
                putBack(fd, readable);
            }
            pidfd.leave();
        }
        return readable;
    }

    private void putBack(int fd, boolean dead) {
        if (dead) {
            pidfd.markOffEventLoop();
            return;
        }
        long added = loop.kernel().epollAdd(loop.epoll(), fd, EVENTS, token);
        if (added < 0) {
            lookNowAndThen(added);
        }
    }

    @Override
    public long signal(int signal) {
        return process.signal(signal);
    }

    /** Whether the child's status is known now. */
    private boolean tryToReap() {
        int fd = pidfd.enter();
        if (fd < 0) {
            return Objects.requireNonNull(child).hasEnded(); // another thread reaped, and may not have told yet
        }
        reaping.lock();
        try {
            return reaped || reap(fd);
        } finally {
            if (!reaped) {
                retryLater(); // also when something was thrown: the event that led here does not come again
            }
            reaping.unlock();
            pidfd.leave();
        }
    }

    private boolean reap(int fd) {
        NativeMemory record = records.take();
        try {
            long result = loop.kernel().reap(fd, record.address);
            if (result == 1) {
                finish(ExitRecord.status(record.bytes), ExitRecord.usage(record.bytes));
            } else if (result == -Errno.ECHILD) {
                return recoverStolen(fd);
            } else if (result < 0 && result != -Errno.EINTR) {
                finish(new ExitStatus.Unknown("waitid: " + Errno.describe(-result)), null);
            } else {
                return false; // a zombie leader with live threads, or a tracer
            }
            return true;
        } finally {
            records.giveBack(record);
        }
    }

    // A foreign waitpid(-1), or SIGCHLD ignored in this process. The pidfd still knows the status, on new kernels.
    private boolean recoverStolen(int fd) {
        long status = loop.kernel().statusAfterReap(fd);
        if (status == -Errno.EAGAIN && stolenRetries++ < STOLEN_RETRIES) {
            return false;
        }
        finish(
                status >= 0
                        ? ExitRecord.fromWaitStatus((int) status)
                        : new ExitStatus.Unknown(
                                "stolen: another waiter in this process reaped the child, and the kernel"
                                        + " cannot tell its status any more (PIDFD_GET_INFO: " + Errno.describe(-status)
                                        + ")"),
                null);
        return true;
    }

    private void finish(ExitStatus status, @Nullable ResourceUsage usage) {
        reaped = true;
        if (token != 0) {
            loop.forget(token);
        }
        pidfd.close();
        Objects.requireNonNull(child).ended(status, usage);
    }

    // The timer first: an appender may throw, and nothing else would come back to this child.
    private void lookNowAndThen(long error) {
        retryLater();
        Log.warn(
                PidfdWatch.class,
                "epoll_ctl: {}; the end of {} is looked for every {} ms instead",
                Errno.describe(-error),
                child,
                TimeUnit.NANOSECONDS.toMillis(LAST_RETRY_NANOS));
    }

    private void retryLater() {
        reaping.lock();
        try {
            if (!retryScheduled && !reaped) {
                retryScheduled = true;
                loop.schedule(retryNanos, this::retry);
                retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
            }
        } finally {
            reaping.unlock();
        }
    }

    private void retry() {
        reaping.lock();
        try {
            retryScheduled = false;
        } finally {
            reaping.unlock();
        }
        tryToReap();
    }
}
