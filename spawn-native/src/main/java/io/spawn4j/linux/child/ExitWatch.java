// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.Containment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Learns of one child's end, takes its status exactly once, and signals it while it is certain to be that child. */
public interface ExitWatch {
    /** Starts to watch; calls {@link WatchedChild#ended} once, perhaps before this returns. */
    void begin(WatchedChild child);

    /** Has the end noticed as soon as it comes; else it may take some milliseconds while nobody waits. */
    void watchNow();

    /**
     * Waits on the calling thread, which is no virtual one, as long as that saves a thread switch: at most so long.
     * Whether the child has ended; if not, the caller is to wait for {@link WatchedChild#ended}.
     */
    boolean awaitHere(WatchedChild child, long nanos) throws InterruptedException;

    /** 0, also when the child has ended, or -errno. */
    long signal(int signal);

    /** Evaluates while the pid cannot be given to another process; null once it could. */
    <T> @Nullable T whileUnreaped(Supplier<@Nullable T> question);

    /** Kills the child and what its containment holds; waits for the proof, or until the time is over. */
    Killed killAll(WatchedChild child, long nanos) throws InterruptedException;

    /** What holds the child and its descendants together. */
    default Containment containment() {
        return Containment.NONE;
    }
}
