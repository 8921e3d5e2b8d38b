// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.ProcStat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Finds zombies among the adopted children, look by look, and reaps those that nobody else is going to. */
final class OrphanScan {
    /** For the JDK's answers of one look, which take 0.3 ms each if nothing is in their way. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final class Zombie {
        final long pid;
        final long startTime;
        final JdkClaim claim;
        long seenNanos;

        Zombie(long pid, long startTime) {
            this.pid = pid;
            this.startTime = startTime;
            this.claim = new JdkClaim(pid);
        }
    }

    private final Kernel kernel;
    private final AdoptedChildren adopted;
    private final LongPredicate own;
    private final long graceNanos;
    private final NativeMemory record = new NativeMemory(ExitRecord.BYTES);
    private final AtomicLong reaped = new AtomicLong();
    private Map<Long, Zombie> zombies = new HashMap<>();
    private long patience;
    private boolean reportedClaim;

    /** {@code own} tells the children of this library, which are no orphans. */
    OrphanScan(Kernel kernel, AdoptedChildren adopted, LongPredicate own, long graceNanos) {
        this.kernel = kernel;
        this.adopted = adopted;
        this.own = own;
        this.graceNanos = graceNanos;
    }

    long reaped() {
        return reaped.get();
    }

    /**
     * Looks once.
     *
     * @param nanos what this look adds to the age of a zombie that the last one saw, too
     * @return the number of zombies that are left for later looks
     * @throws IOException after everything that can be seen was looked at
     */
    int look(long nanos) throws IOException {
        Map<Long, Zombie> left = new HashMap<>();
        IOException failure = null;
        patience = PATIENCE_NANOS;
        for (long pid : adopted.pids()) {
            try {
                Zombie zombie = own.test(pid) ? null : zombie(pid, nanos);
                if (zombie != null && !(zombie.seenNanos >= graceNanos && isNobodys(zombie) && reap(zombie))) {
                    left.put(pid, zombie);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        zombies = left;
        if (failure != null) {
            throw failure;
        }
        return left.size();
    }

    private @Nullable Zombie zombie(long pid, long nanos) throws IOException {
        if (!isZombie(pid)) {
            return null;
        }
        long startTime;
        try {
            startTime = ProcStat.of(pid).startTime();
        } catch (IOException e) {
            if (isZombie(pid)) {
                throw e; // it is there and cannot be told from another one: hidepid, proc(5)
            }
            return null;
        }
        Zombie known = zombies.get(pid);
        if (known == null || known.startTime != startTime) {
            return new Zombie(pid, startTime);
        }
        known.seenNanos += nanos;
        return known;
    }

    private boolean isZombie(long pid) throws IOException {
        long result = kernel.peekPid((int) pid);
        if (result < 0 && result != -Errno.ECHILD) {
            throw new IOException("waitid of process " + pid + ": " + Errno.describe(-result));
        }
        return result == 1;
    }

    private boolean isNobodys(Zombie zombie) throws IOException {
        long began = System.nanoTime();
        boolean unclaimed = zombie.claim.isRuledOut(patience);
        patience -= System.nanoTime() - began;
        if (!unclaimed && !reportedClaim && zombie.seenNanos - graceNanos > LATE_NANOS) {
            reportedClaim = true;
            Log.warn(
                    OrphanScan.class,
                    "process {} has been a zombie for more than 60 s and is left to the JDK: a thread \"process reaper\""
                            + " hangs, or the common pool, which brings the JDK's answers, is busy",
                    zombie.pid);
        }
        return unclaimed;
    }

    /** Whether it is gone. */
    private boolean reap(Zombie zombie) throws IOException {
        long result;
        long pidfd = kernel.pidfdOpen((int) zombie.pid);
        if (pidfd >= 0) {
            try {
                // Opened before the start time is read, the pidfd is that process's, whatever becomes of the number.
                if (ProcStat.of(zombie.pid).startTime() != zombie.startTime) {
                    return true;
                }
                result = kernel.reap((int) pidfd, record.address);
            } finally {
                kernel.close((int) pidfd);
            }
        } else { // before Linux 5.3, refused, or out of descriptors: nobody else was going to free the number
            result = kernel.reapPid((int) zombie.pid, record.address);
        }
        if (result == 1) {
            reaped.incrementAndGet();
            return true;
        }
        if (result < 0 && result != -Errno.ECHILD) {
            throw new IOException("waitid of process " + zombie.pid + ": " + Errno.describe(-result));
        }
        return result != 0;
    }
}
