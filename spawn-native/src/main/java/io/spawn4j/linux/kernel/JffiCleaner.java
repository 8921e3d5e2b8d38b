// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.ref.Cleaner;
import java.lang.reflect.Field;
import java.util.concurrent.ThreadFactory;

/**
 * Spares jffi the thread of its cleaner, which frees nothing: each of its actions refers to the object that it is to
 * free, so that none ever becomes unreachable. All that the thread does is to hold jffi's class loader, and with it
 * this library's, as long as the JVM lives.
 */
final class JffiCleaner {
    private JffiCleaner() {}

    /** Gives jffi a cleaner without a thread, unless it has one already. */
    static void silence() {
        try {
            Field cleaner = Class.forName("com.kenai.jffi.internal.Cleaner").getDeclaredField("cleaner");
            cleaner.setAccessible(true);
            if (cleaner.get(null) == null) {
                cleaner.set(null, Cleaner.create(new NoThreads()));
            }
        } catch (ReflectiveOperationException | RuntimeException otherVersion) {
            return; // it keeps its thread, and works
        }
    }

    // A class of its own: the first lambda of a JVM costs milliseconds, and this is on the way to its first child.
    private static final class NoThreads implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            return new NeverStarted(task);
        }
    }

    private static final class NeverStarted extends Thread {
        NeverStarted(Runnable task) {
            super(null, task, "jffi-cleaner", 0, false);
        }

        @Override
        public void start() {
            // There is nothing to do for it.
        }
    }
}
