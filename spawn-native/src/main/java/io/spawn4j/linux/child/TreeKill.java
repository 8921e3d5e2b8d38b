// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import io.spawn4j.linux.event.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a child and what it has started: asks it first, then has everything killed, and says what is known of the rest.
 */
final class TreeKill {
    /**
     * How long the killing itself may take: a killed process is gone in milliseconds, unless the kernel does not let it
     * go.
     */
    private static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final WatchedChild child;
    private final ExitWatch watch;
    private final Duration grace;
    private final long began = System.nanoTime();

    TreeKill(WatchedChild child, ExitWatch watch, Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is negative: " + grace);
        }
        this.child = child;
        this.watch = watch;
        this.grace = grace;
    }

    KillReport run() throws InterruptedException {
        if (!grace.isZero() && !child.hasEnded()) {
            watch.signal(Signal.SIGTERM.number());
            watch.signal(Signal.SIGCONT.number());
            child.waitFor(Deadline.nanos(grace), TimeUnit.NANOSECONDS);
        }
        Killed killed = watch.killAll(child, KILL_NANOS);
        return new KillReport(
                watch.containment(),
                killed.empty(),
                killed.evidence(),
                killed.signalled(),
                killed.reaped(),
                Duration.ofNanos(System.nanoTime() - began),
                killed.left());
    }
}
