// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Actions that wait for their time, the earliest first; of those that are due at the same moment, the one that came
 * first.
 */
final class Timers {
    private static final int LONGEST_MILLIS = 60_000;

    // No record: two of them are never the same, and a record's equals makes dozens of classes when it is first called.
    private static final class Timer implements Comparable<Timer> {
        final long due;
        final long order;
        final Runnable action;

        Timer(long due, long order, Runnable action) {
            this.due = due;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Timer other) {
            long difference = due - other.due;
            return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Timer> queue = new PriorityQueue<>(); // guarded by lock
    private long lastOrder; // guarded by lock
    private int running; // guarded by lock

    /** Whether it is the earliest now. */
    boolean add(long delayNanos, Runnable action) {
        lock.lock();
        try {
            Timer timer = new Timer(System.nanoTime() + delayNanos, ++lastOrder, action);
            queue.add(timer);
            return timer == queue.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Those that wait, and those that run. */
    int size() {
        lock.lock();
        try {
            return queue.size() + running;
        } finally {
            lock.unlock();
        }
    }

    /** As epoll_wait(2) takes it: -1 without any, 0 if one is due. */
    int millisToNext() {
        lock.lock();
        try {
            Timer next = queue.peek();
            if (next == null) {
                return -1;
            }
            long nanos = next.due - System.nanoTime();
            return nanos <= 0 ? 0 : (int) Math.min(LONGEST_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        } finally {
            lock.unlock();
        }
    }

    /** One that is due, which is taken off and counts as running until {@link #ran}; or null. */
    @Nullable
    Runnable takeDue() {
        lock.lock();
        try {
            Timer next = queue.peek();
            if (next == null || next.due - System.nanoTime() > 0) {
                return null;
            }
            queue.remove();
            running++;
            return next.action;
        } finally {
            lock.unlock();
        }
    }

    void ran() {
        lock.lock();
        try {
            running--;
        } finally {
            lock.unlock();
        }
    }
}
