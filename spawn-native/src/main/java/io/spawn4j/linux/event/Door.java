// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import io.spawn4j.SpawnException;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.Headroom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings one thing up, once, on a thread of its own: whoever asks first may be interrupted, on a small stack, or a
 * virtual thread, and classes that are initialised for the first time must see none of that. Success is kept. A failure
 * is told to all who waited for that attempt, and forgotten: the next one tries again.
 *
 * @param <E> what comes up
 */
public final class Door<E> {
    /**
     * What is done, step by step. A step that fails throws, and those before it are undone by then.
     *
     * @param <E> what comes up
     */
    public interface Steps<E> {
        E open() throws StartFailure;

        /** Lets go of what was kept for the next time, after what was up has been ended; no attempt is under way. */
        default void forget() {}
    }

    private static final long STACK_BYTES = 1 << 20;

    /** What is loaded, unpacked and mapped needs some. */
    private static final int DESCRIPTORS = 8;

    private final String threadName;
    private final Steps<E> steps;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable E open;
    private @Nullable Attempt attempt; // guarded by lock

    public Door(String threadName, Steps<E> steps) {
        this.threadName = threadName;
        this.steps = steps;
    }

    /** What is up, or null. */
    public @Nullable E ifOpen() {
        return open;
    }

    /** Brings it up, or waits for somebody else's attempt. Not interruptible: an interrupt stays set. */
    public E open() throws StartFailure {
        E known = open;
        if (known != null) {
            return known;
        }
        Attempt current = attempt();
        return current == null ? open() : current.await();
    }

    /** The attempt that is under way, or a new one; null if it has come up meanwhile. */
    private @Nullable Attempt attempt() throws StartFailure {
        lock.lock();
        try {
            if (open != null) {
                return null;
            }
            Attempt current = attempt;
            if (current == null) {
                current = new Attempt();
                current.start();
                attempt = current;
            }
            return current;
        } catch (OutOfMemoryError e) {
            throw lacking(e);
        } catch (SecurityException e) {
            throw refused(e);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was up; the caller has ended it. */
    public void forget() {
        lock.lock();
        try {
            open = null;
            steps.forget();
        } finally {
            lock.unlock();
        }
    }

    private static StartFailure lacking(OutOfMemoryError e) {
        String message = String.valueOf(e.getMessage());
        boolean thread = message.contains("thread");
        return new StartFailure(
                thread ? "no thread can be made: " + message : "out of memory: " + message,
                thread ? Errno.EAGAIN : Errno.ENOMEM,
                e);
    }

    private static StartFailure refused(SecurityException e) {
        return new StartFailure(
                "the security manager refuses what the engine needs (grant it to spawn4j's and jffi's jars): "
                        + e.getMessage(),
                e);
    }

    private final class Attempt implements Runnable {
        /** A latch, which each child has, too: a condition of the lock would load five classes more. */
        private final CountDownLatch done = new CountDownLatch(1);

        /** Made before there may be no memory for one. */
        private final StartFailure noMemory = new StartFailure("out of memory", Errno.ENOMEM, null);

        private volatile @Nullable E result;
        private volatile StartFailure failure = noMemory;

        void start() {
            CleanThreads.create(threadName, STACK_BYTES, this).start();
        }

        @Override
        public void run() {
            try {
                Headroom.require(DESCRIPTORS);
                result = steps.open();
            } catch (SpawnException e) {
                failure = new StartFailure(String.valueOf(e.getMessage()), e.errno(), e);
            } catch (StartFailure e) {
                failure = e;
            } catch (OutOfMemoryError e) {
                failure = noMemory;
                failure = lacking(e);
            } catch (SecurityException e) {
                failure = refused(e);
            } catch (Throwable e) { // whoever waits is to have an exception that says so
                Throwable root = StartFailure.rootOf(e);
                failure = root instanceof SecurityException refusal
                        ? refused(refusal)
                        : new StartFailure("the engine cannot be started here: " + root, e);
            } finally {
                finish();
            }
        }

        private void finish() {
            lock.lock();
            try {
                open = result;
                attempt = null;
            } finally {
                lock.unlock();
                done.countDown();
            }
        }

        E await() throws StartFailure {
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            E up = result;
            if (up == null) {
                throw failure;
            }
            return up;
        }
    }
}
