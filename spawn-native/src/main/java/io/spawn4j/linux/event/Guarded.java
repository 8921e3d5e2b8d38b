// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import io.spawn4j.linux.kernel.Log;

/** Work on a thread of the library that has to go on whatever becomes of it. */
final class Guarded {
    private Guarded() {}

    static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            report("a deferred action failed", e);
        }
    }

    // An appender is somebody else's code: its failure must not end the thread.
    static void report(String what, Throwable e) {
        try {
            Log.error(Guarded.class, what, e);
        } catch (Throwable alsoFailed) {
            e.addSuppressed(alsoFailed);
        }
    }
}
