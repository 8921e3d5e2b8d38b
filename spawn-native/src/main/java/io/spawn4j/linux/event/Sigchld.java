// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;

/**
 * The disposition of SIGCHLD in this process. Ignored, it has the kernel throw exit statuses away: waitpid(2), NOTES.
 */
public final class Sigchld {
    private Sigchld() {}

    /** Sets an ignored SIGCHLD back to its default, and says so. */
    public static void restore(Kernel kernel) {
        if (kernel.restoreSigchld() == 1) {
            Log.warn(
                    Sigchld.class,
                    "SIGCHLD was ignored in this process, so that the kernel would have thrown exit statuses away;"
                            + " set back to its default");
        }
    }
}
