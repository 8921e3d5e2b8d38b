// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.Signal;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.Stages;
import io.spawn4j.linux.event.Deadline;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.Pidfds;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the program runs. A spawn4j-init that becomes the program says "ready" on its socket directly before the
 * exec, which closes it; one that stays says "started", with the program's pidfd. Until then the child, with all its
 * descriptors, is this object's.
 */
public final class InitAnswer {
    private static final int NATIVE_WAIT_MILLIS = 2;

    /** One for "ready", one for the end of the file. */
    private static final int NATIVE_WAITS = 2;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final CoreLibrary core;
    private final EventLoop loop;
    private final SpawnRequest request;
    private final Deadline deadline;

    // Made before there is a child that nobody would own if memory lacked.
    private final InitMessage message = new InitMessage();
    private final NativeMemory exitRecord = new NativeMemory(ExitRecord.BYTES);

    private boolean ready;
    private boolean buried;
    private int polls = NATIVE_WAITS;
    private long pause = FIRST_PAUSE_NANOS;

    public InitAnswer(CoreLibrary core, EventLoop loop, SpawnRequest request, Deadline deadline) {
        this.core = core;
        this.loop = loop;
        this.request = request;
        this.deadline = deadline;
    }

    /** The child, which now runs its program. After any failure it is killed if need be, and reaped. */
    public Launched await(Launched child, boolean interruptedBefore) throws SpawnException {
        // ProcessBuilder starts children for a thread whose interrupt flag is set: only an interrupt since then counts.
        boolean interrupted = interruptedBefore && Thread.interrupted();
        boolean done = false;
        try {
            while (!isRunning(child)) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    throw giveUp(child, Errno.EINTR, "interrupted");
                }
                if (deadline.passed()) {
                    throw giveUp(
                            child,
                            Errno.ETIMEDOUT,
                            "not started within "
                                    + request.policy().startTimeout().orElseThrow());
                }
            }
            Launched running = running(child);
            done = true;
            return running;
        } finally {
            if (!done && !buried) {
                leave(child);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Launched running(Launched child) throws SpawnException {
        if (child.supervisor() == null) {
            core.close(child.helper());
            return child.withoutHelper();
        }
        int pidfd = message.descriptor();
        if (pidfd < 0) { // the kernel dropped it: this JVM has no free number
            throw Failures.at(request, SpawnStage.REPLY, Errno.EMFILE);
        }
        int pid = message.startedPid();
        if (child.supervisor().containment() == Containment.PID_NAMESPACE) {
            try {
                pid = Pidfds.pidOf(pidfd);
                InitMessage.tellSeen(core, child.helper());
            } catch (StartFailure e) {
                core.close(pidfd);
                throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
            }
        }
        return child.running(pid, pidfd);
    }

    /** 0 or -errno of the kill. */
    private long leave(Launched child) {
        buried = true;
        long killed = child.kill(core);
        Burial.leave(loop, child, exitRecord);
        return killed;
    }

    // Once its socket is closed spawn4j-init starts nothing any more, and ends what it has started. Without a
    // supervisor an exec that hangs goes on, if the child is another user's and this JVM may not kill it.
    private SpawnException giveUp(Launched child, int errno, String why) {
        long killed = leave(child);
        String end =
                killed < 0 ? "the child cannot be killed: " + Errno.describe(-killed) : "the child is being killed";
        boolean inExec = ready || child.supervisor() != null;
        return Failures.at(request, inExec ? SpawnStage.EXEC : SpawnStage.HELPER, errno, why + "; " + end);
    }

    /** Looks once, after a wait: the first ones in native code, the later ones parked. */
    private boolean isRunning(Launched child) throws SpawnException {
        if (polls > 0) {
            polls--;
            core.poll(child.helper(), Kernel.READABLE, NATIVE_WAIT_MILLIS);
        } else {
            LockSupport.parkNanos(this, Math.max(1, Math.min(pause, deadline.remaining())));
            pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
            wake(child.supervisor());
        }
        long got = message.receive(core, child.helper());
        if (got > 0) {
            return take(child);
        }
        if (got == -Errno.EAGAIN || got == -Errno.EINTR) {
            return false;
        }
        if (got == 0) {
            if (!ready) {
                buried = true; // it ends by itself: its number may be somebody else's by now
                if (child.supervisor() != null) {
                    AbandonedLeaf.end(child.supervisor());
                }
                throw Failures.killedBeforeExec(request, SpawnStage.HELPER, Burial.bury(loop, child, exitRecord));
            }
            return true;
        }
        throw Failures.at(request, SpawnStage.HELPER, (int) -got);
    }

    // The program may have stopped it before it could tell that the program runs.
    private void wake(Launched.@Nullable Supervisor supervisor) {
        if (supervisor != null) {
            core.pidfdSignal(supervisor.pidfd(), Signal.SIGCONT.number());
        }
    }

    private boolean take(Launched child) throws SpawnException {
        switch (message.kind()) {
            case InitMessage.FAILED -> {
                buried = true; // it ends by itself
                String end = Burial.bury(loop, child, exitRecord);
                SpawnStage stage = Stages.of(message.stage());
                if (message.error() == 0) {
                    throw Failures.killedBeforeExec(request, stage, end);
                }
                if (stage == SpawnStage.CONTAINMENT && child.supervisor() != null) {
                    CgroupLimit limit = message.limit();
                    throw limit == null
                            ? ContainmentFailures.containment(
                                    request, child.supervisor().containment(), message.call(), message.error())
                            : ContainmentFailures.cgroupLimit(request, limit, message.call(), message.error());
                }
                throw Failures.at(request, stage, message.error());
            }
            case InitMessage.READY -> ready = true;
            case InitMessage.STARTED -> {
                return true;
            }
            default -> throw Failures.at(request, SpawnStage.HELPER, Errno.EINVAL);
        }
        return false;
    }
}
