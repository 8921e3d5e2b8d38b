// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A running or ended child that {@link SpawnBuilder#start()} gave: a full {@link Process}, and what only a child known
 * by its pidfd can offer. All methods are safe for use by several threads, virtual ones included.
 *
 * <p>{@link #exitValue()} and {@link #waitFor()} keep the JDK's convention, 128 plus the number for a signal;
 * {@link #exitStatus()} tells signal and exit code apart.
 */
// Nothing here may be called close(): newer JDKs declare Process.close(), with its own exceptions and meaning.
public abstract class ChildProcess extends Process {

    /** For the engines. */
    protected ChildProcess() {}

    /**
     * Waits for the end and says how it came. Returns at once when the child has ended.
     *
     * @return how the child ended
     * @throws InterruptedException if the calling thread is interrupted before or while it waits; the child lives on
     */
    public abstract ExitStatus exitStatus() throws InterruptedException;

    /**
     * Completes with the status when the child has ended. Stages that depend on it never run on the library's event
     * thread; without an executor of their own they run where those of {@link #onExit()} do. Cancelling or completing
     * the future does nothing to the child, nor to what another call returns.
     *
     * @return a new future at each call
     */
    public abstract CompletableFuture<ExitStatus> onExitStatus();

    /**
     * What the child has used up, known once it has ended.
     *
     * @return empty while the child lives, and when its status was lost ({@link ExitStatus.Unknown})
     */
    public abstract Optional<ResourceUsage> resourceUsage();

    /**
     * Sends a signal to the child, through its pidfd where the host has them: never to another process that got the
     * same pid later. Does nothing once the child has ended. Source: pidfd_send_signal(2) (Linux 5.1), else kill(2).
     *
     * @param signal which one
     * @throws IllegalStateException if the kernel refuses, as for a child that has become another user's (EPERM); the
     *     message names the error
     */
    public abstract void signal(Signal signal);

    /**
     * What holds the child and its descendants together: the policy's containment, or the one that was obtained of
     * several.
     *
     * @return {@link Containment#NONE} if the policy asks for none
     */
    public abstract Containment containment();

    /**
     * Ends the child and all its descendants: SIGTERM (and SIGCONT, for one that is stopped) to the child; when it has
     * ended, or the grace is over, SIGKILL to everything that the containment holds; then the proof that nothing is
     * left. Returns at the latest three seconds after the end of the grace, whatever the processes do, and says who is
     * left. What is left stays condemned: it is killed when it becomes killable. Of a child without containment only
     * itself is known, and the report says so.
     *
     * <p>The standard streams stay open: what was written remains readable.
     *
     * @param grace how long the child may take to end by itself: zero or more, zero for SIGKILL at once
     * @return how far it got; also when the tree was gone before
     * @throws IllegalArgumentException if grace is negative
     * @throws InterruptedException if the calling thread is interrupted before or while it waits; what was sent stays
     *     sent
     */
    public abstract KillReport killTree(Duration grace) throws InterruptedException;
}
