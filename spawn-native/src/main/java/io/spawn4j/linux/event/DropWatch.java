// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Closes what belonged to objects that nobody refers to any more, on a thread of its own. No {@link
 * java.lang.ref.Cleaner}: the thread of one ends when the garbage collector pleases, and until then its thread holds
 * the class loader.
 */
final class DropWatch {
    private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();

    /** Unreachable themselves, they would never be queued. */
    private final Set<Drop> watched = new HashSet<>(); // guarded by this

    private @Nullable Thread thread; // guarded by this

    private static final class Drop extends PhantomReference<Object> {
        final Runnable action;

        Drop(Object object, ReferenceQueue<Object> queue, Runnable action) {
            super(object, queue);
            this.action = action;
        }
    }

    /** Where there is no thread to be had, what is dropped stays open until the next one brings a thread. */
    synchronized void add(Object object, Runnable action) {
        watched.add(new Drop(object, dropped, action));
        if (thread == null) {
            try {
                thread = CleanThreads.start("spawn4j-cleaner", new Closing());
            } catch (OutOfMemoryError noThread) {
                Guarded.report("streams that nobody closes stay open for the time being", noThread);
            }
        }
    }

    /** Ends the thread. Nothing is watched any more. */
    void close() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.interrupt();
            CleanThreads.join(running);
        }
    }

    private final class Closing implements Runnable {
        @Override
        public void run() {
            try {
                while (true) {
                    Drop drop = (Drop) dropped.remove();
                    forget(drop);
                    Guarded.run(drop.action);
                }
            } catch (InterruptedException closed) {
                // Nobody needs it any more.
            }
        }
    }

    private synchronized void forget(Drop drop) {
        watched.remove(drop);
    }
}
