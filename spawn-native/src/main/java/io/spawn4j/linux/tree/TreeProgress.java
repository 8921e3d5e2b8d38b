// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a spawn4j-init has said of its tree so far, for those who wait for more. */
final class TreeProgress {
    /**
     * What is known at one moment.
     *
     * @param empty nothing of the tree is left, as its spawn4j-init has proven
     * @param lost nobody can tell any more
     * @param last what it said last, or null
     */
    record Seen(boolean empty, boolean lost, InitMessage.@Nullable Progress last) {
        boolean answers(int sequence) {
            return last != null && last.sequence() >= sequence;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** spawn4j-init is gone, and was reaped or is being. */
    private final CountDownLatch gone = new CountDownLatch(1);

    // Guarded by lock.
    private boolean empty;
    private boolean over;
    private InitMessage.@Nullable Progress last;
    private int lastSequence;

    /** A number for a question, larger than those before. */
    int nextSequence() {
        lock.lock();
        try {
            return ++lastSequence;
        } finally {
            lock.unlock();
        }
    }

    void note(InitMessage.Progress progress, boolean provenEmpty) {
        lock.lock();
        try {
            last = progress;
            empty |= provenEmpty;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be said. */
    void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        gone.countDown();
    }

    Seen seen() {
        lock.lock();
        try {
            return new Seen(empty, over && !empty, last);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the answer to a question, for the end of the tree, or until {@link System#nanoTime} is {@code
     * deadline}.
     */
    Seen awaitAnswer(int sequence, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = deadline - System.nanoTime();
            while (!over && !empty && !seen().answers(sequence) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return seen();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until spawn4j-init is gone, or until {@link System#nanoTime} is {@code deadline}. */
    void awaitGone(long deadline) throws InterruptedException {
        gone.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
