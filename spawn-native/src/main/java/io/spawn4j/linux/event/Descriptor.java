// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor that is closed once, and never while a thread is inside a system call on it: the number would
 * be somebody else's file by then.
 */
public final class Descriptor {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final EventLoop loop;
    private final int fd;
    /** Number of threads inside, plus {@link #CLOSED} once nobody may enter any more. */
    private final AtomicInteger users = new AtomicInteger();

    private volatile boolean onEventLoop;

    public Descriptor(EventLoop loop, int fd) {
        this.loop = loop;
        this.fd = fd;
        loop.opened();
    }

    /** The number, to be used until {@link #leave}, or -1 if closed. */
    public int enter() {
        int seen;
        do {
            seen = users.get();
            if (seen < 0) {
                return -1;
            }
        } while (!users.compareAndSet(seen, seen + 1));
        return fd;
    }

    public void leave() {
        if (users.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    public boolean isClosed() {
        return users.get() < 0;
    }

    /** Notes that the event loop may know the number; while entered. */
    public void markOnEventLoop() {
        onEventLoop = true;
    }

    /** Notes that somebody took the number off the event loop's set. */
    public void markOffEventLoop() {
        onEventLoop = false;
    }

    /** Closes at once, or when the last thread leaves. The first call returns true. */
    public boolean close() {
        int seen;
        do {
            seen = users.get();
            if (seen < 0) {
                return false;
            }
        } while (!users.compareAndSet(seen, seen + CLOSED));
        if (seen == 0) {
            closeNow();
        }
        return true;
    }

    private void closeNow() {
        // A foreign fork may hold a copy, which would keep the file in the epoll set.
        if (onEventLoop) {
            loop.kernel().epollRemove(loop.epoll(), fd);
        }
        loop.kernel().close(fd);
        loop.closed();
    }
}
