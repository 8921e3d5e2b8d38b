// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.OrphanReaping;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reaps the orphans that this JVM adopts, and no child of its own: for a JVM that is process 1 of a container, or a
 * subreaper ({@code PR_SET_CHILD_SUBREAPER}, prctl(2), Linux 3.4).
 *
 * <p>When a process ends, Linux gives its children to the nearest subreaper above it, or else to process 1 of the pid
 * namespace. An init waits for whatever it is given; a JVM waits for what it has started, and every orphan that ends
 * stays a zombie until the process table is full.
 *
 * <p>Call {@link #install()} first thing in {@code main}.
 *
 * <h2>What it takes</h2>
 *
 * A zombie is reaped (waitid(2)) if all of this holds:
 *
 * <ul>
 *   <li>It is a child of the JVM's first thread, to which Linux gives orphans (since 4.0). A child of any other thread
 *       was started by that thread and is left alone for ever, whoever waits for it, and when.
 *   <li>It is no child of spawn4j.
 *   <li>It has been the same zombie, by pid and start time, for the grace time, in five looks at least. From one look
 *       to the next a quarter of the grace time counts at most, even if the JVM stood still meanwhile (SIGSTOP, a
 *       frozen cgroup).
 *   <li>The JDK, asked about this very process ({@link ProcessHandle#onExit()}), waits for nothing. That makes it
 *       certain for {@link ProcessBuilder} that no status is taken, however late the JDK's own thread runs.
 * </ul>
 *
 * The grace time is for other libraries' children whose starting thread has ended, since they become children of the
 * first thread, too. The default of 1 s is a hundred times what a thread that waits needs, and four times the 250 ms at
 * which NuProcess, the slowest that is known, looks. Raise it if a library in this JVM collects later; a zombie costs
 * little more than its number.
 *
 * <h2>What it costs</h2>
 *
 * One thread, {@code spawn4j-orphans}, which looks every quarter of the grace time while zombies wait and at growing
 * intervals up to twice the grace time while there are none: SIGCHLD belongs to the JVM, so there is no event to wait
 * for. A look takes 25 microseconds; with a thousand adopted processes that live, milliseconds; with a thousand
 * zombies, 25 ms. Each orphan takes the JDK's "process reaper" thread and the executor of {@link
 * java.util.concurrent.CompletableFuture} for a moment; while that one is busy, orphans wait. About a thousand orphans
 * a second can be reaped.
 *
 * <p>Errors are logged at WARN, once until they change, and end nothing. All methods may be called by several threads
 * at once.
 */
public final class OrphanReaper implements AutoCloseable {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);
    private static final Duration LEAST_GRACE = Duration.ofMillis(100);
    private static final Duration MOST_GRACE = Duration.ofHours(1);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static @Nullable OrphanReaper installed; // guarded by LOCK

    private final Duration grace;
    private final OrphanReaping reaping;

    private OrphanReaper(Duration grace, OrphanReaping reaping) {
        this.grace = grace;
        this.reaping = reaping;
    }

    /**
     * Begins to reap, with a grace time of 1 s. If one is installed already, nothing changes, whatever its grace time
     * is. Starts the engine, as {@link SpawnCapabilities#current()} does.
     *
     * @return the reaper of this JVM: the same until it is closed
     * @throws IllegalStateException if this JVM is neither process 1 of its pid namespace nor a subreaper, or cannot
     *     see its children ({@code /proc/self/task/PID/children}: Linux 4.2 with {@code CONFIG_PROC_CHILDREN}), or has
     *     no engine; the message says what to do
     */
    public static OrphanReaper install() {
        LOCK.lock();
        try {
            return installed != null ? installed : begin(DEFAULT_GRACE);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Begins to reap, with this grace time.
     *
     * @param grace for how long a zombie has to be seen before it is reaped, from 100 ms to 1 h; an orphan is gone at
     *     the latest four times that after its end, while nothing else delays it
     * @return the reaper of this JVM: the same until it is closed
     * @throws IllegalArgumentException if the grace time is out of range
     * @throws IllegalStateException as {@link #install()}, and if one with another grace time is installed
     */
    public static OrphanReaper install(Duration grace) {
        if (grace.compareTo(LEAST_GRACE) < 0 || grace.compareTo(MOST_GRACE) > 0) {
            throw new IllegalArgumentException(
                    "grace is " + grace + ", and must be from " + LEAST_GRACE + " to " + MOST_GRACE);
        }
        LOCK.lock();
        try {
            OrphanReaper known = installed;
            if (known == null) {
                return begin(grace);
            }
            if (!known.grace.equals(grace)) {
                throw new IllegalStateException("installed already, with a grace time of " + known.grace
                        + " instead of " + grace + ": close that one first");
            }
            return known;
        } finally {
            LOCK.unlock();
        }
    }

    /** Throws IllegalStateException if one is installed. */
    static void requireNone() {
        LOCK.lock();
        try {
            if (installed != null) {
                throw new IllegalStateException("an OrphanReaper is installed: close it first");
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static OrphanReaper begin(Duration grace) {
        try {
            OrphanReaper begun =
                    new OrphanReaper(grace, CurrentEngine.provider().reapOrphans(grace));
            installed = begun;
            return begun;
        } catch (SpawnException noEngine) {
            throw new IllegalStateException(noEngine.getMessage(), noEngine);
        }
    }

    /**
     * How many orphans this reaper has reaped.
     *
     * @return a number that only grows
     */
    public long reaped() {
        return reaping.reaped();
    }

    /**
     * Ends it, for everybody in this JVM. Nothing is reaped any more once this has returned; {@link #install()} begins
     * anew. A second call does nothing.
     */
    @Override
    public void close() {
        LOCK.lock();
        try {
            reaping.close();
            if (installed == this) {
                installed = null;
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * For the log.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "OrphanReaper[grace=" + grace + ", reaped=" + reaped() + "]";
    }
}
