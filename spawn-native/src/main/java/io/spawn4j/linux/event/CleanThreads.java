// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Makes the library's threads: daemons that keep nothing of the thread, class loader or request that first needed them.
 */
public final class CleanThreads {
    private static final long SMALL_STACK_BYTES = 256 * 1024;

    private CleanThreads() {}

    public static Thread start(String name, Runnable body) {
        Thread thread = create(name, body);
        thread.start();
        return thread;
    }

    /** Waits for its end. Not interruptible: an interrupt stays set. */
    static void join(Thread thread) {
        Deadline.uninterrupted(() -> {
            thread.join();
            return true;
        });
    }

    public static Thread create(String name, Runnable body) {
        return create(name, SMALL_STACK_BYTES, body);
    }

    // Up to JDK 23 a thread keeps the access control context of its creator, and by it the class loaders of
    // every caller on the stack (JDK-8279488). Inside doPrivileged that context is this class's alone.
    @SuppressWarnings("removal")
    static Thread create(String name, long stackBytes, Runnable body) {
        return AccessController.doPrivileged(new Creation(name, stackBytes, body));
    }

    private record Creation(String name, long stackBytes, Runnable body) implements PrivilegedAction<Thread> {
        @Override
        public Thread run() {
            Thread thread = new Thread(null, body, name, stackBytes, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(CleanThreads.class.getClassLoader());
            return thread;
        }
    }
}
