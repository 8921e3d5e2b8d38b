// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.Kernel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread wait until a pipe end can be read or written, or is closed.
 *
 * <p>A platform thread first polls for a moment itself, which saves two thread switches where the other side is quick;
 * then, and a virtual thread at once, it parks until the event thread sees the event. An interrupt does not end the
 * wait (nor does it with ProcessBuilder's streams); the flag is kept.
 */
final class PipeReadiness implements EventLoop.Handler {
    private static final int POLL_MILLIS = 2;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final int events;

    private volatile boolean signalled;
    private volatile @Nullable Thread waiter;

    PipeReadiness(EventLoop loop, Descriptor descriptor, int events) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.events = events;
    }

    /** Returns when the event is there or the descriptor was closed. The caller has entered the descriptor. */
    void await(int fd) {
        if (!VirtualThreads.current() && loop.kernel().poll(fd, events, POLL_MILLIS) != 0) {
            return;
        }
        signalled = false;
        waiter = Thread.currentThread();
        descriptor.markOnEventLoop();
        long token = loop.register(this);
        boolean interrupted = false;
        try {
            long armed = loop.kernel().epollArm(loop.epoll(), fd, events | Kernel.ONE_SHOT, token);
            if (armed < 0) {
                // Out of epoll watches or memory: to look again and again is slower, and right.
                LockSupport.parkNanos(RETRY_NANOS);
                interrupted = Thread.interrupted();
                return;
            }
            while (!signalled && !descriptor.isClosed()) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiter = null;
            loop.forget(token);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void ready(int what) {
        signalled = true;
        wake();
    }

    /** Makes the waiter look at the descriptor again. */
    void wake() {
        LockSupport.unpark(waiter);
    }
}
