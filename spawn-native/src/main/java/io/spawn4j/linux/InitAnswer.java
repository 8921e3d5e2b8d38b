// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.spi.SpawnRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until spawn4j-init has made its settings and become the program: it says "ready" on its socket directly before the exec,
 * which closes it. Until then the child, with all its descriptors, is this object's.
 */
final class InitAnswer {
    /** {@code struct init_answer}: kind, stage, errno (4 bytes each). */
    static final int BYTES = 12;

    private static final int STAGE = 4;
    private static final int ERROR = 8;
    private static final int READY = 1;
    private static final int FAILED = 2;

    private static final int NATIVE_WAIT_MILLIS = 2;

    /** One for "ready", one for the end of the file. */
    private static final int NATIVE_WAITS = 2;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop loop;
    private final SpawnRequest request;
    private final Deadline deadline;

    // Made before there is a child that nobody would own if memory lacked.
    private final NativeMemory message = new NativeMemory(BYTES);
    private final NativeMemory exitRecord = new NativeMemory(ExitRecord.BYTES);

    private boolean ready;
    private boolean buried;
    private int polls = NATIVE_WAITS;
    private long pause = FIRST_PAUSE_NANOS;

    InitAnswer(EventLoop loop, SpawnRequest request, Deadline deadline) {
        this.loop = loop;
        this.request = request;
        this.deadline = deadline;
    }

    /** The child, which now runs its program. After any failure it is killed if need be, and reaped. */
    Launched await(Launched child, boolean interruptedBefore) throws SpawnException {
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
            done = true;
            loop.kernel().close(child.helper());
            return child.withoutHelper();
        } finally {
            if (!done && !buried) {
                leave(child);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** 0 or -errno of the kill. */
    private long leave(Launched child) {
        buried = true;
        long killed = child.kill(loop.kernel());
        Burial.leave(loop, child, exitRecord);
        return killed;
    }

    // Once its socket is closed spawn4j-init starts nothing any more. Only an exec that hangs goes on, if the child is
    // another
    // user's and this JVM may not kill it.
    private SpawnException giveUp(Launched child, int errno, String why) {
        long killed = leave(child);
        String end =
                killed < 0 ? "the child cannot be killed: " + Errno.describe(-killed) : "the child is being killed";
        return Failures.at(request, ready ? SpawnStage.EXEC : SpawnStage.HELPER, errno, why + "; " + end);
    }

    /** Looks once, after a wait: the first ones in native code, the later ones parked. */
    private boolean isRunning(Launched child) throws SpawnException {
        if (polls > 0) {
            polls--;
            loop.kernel().poll(child.helper(), Kernel.READABLE, NATIVE_WAIT_MILLIS);
        } else {
            LockSupport.parkNanos(this, Math.max(1, Math.min(pause, deadline.remaining())));
            pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
        }
        long got = loop.kernel().read(child.helper(), message.address, BYTES);
        if (got == BYTES) {
            take(child);
            return false;
        }
        if (got == -Errno.EAGAIN || got == -Errno.EINTR) {
            return false;
        }
        if (got == 0) {
            if (!ready) {
                buried = true; // it ends by itself: its number may be somebody else's by now
                throw Failures.killedBeforeExec(request, SpawnStage.HELPER, Burial.bury(loop, child, exitRecord));
            }
            return true;
        }
        throw Failures.at(request, SpawnStage.HELPER, got < 0 ? (int) -got : Errno.EINVAL);
    }

    private void take(Launched child) throws SpawnException {
        int kind = message.bytes.getInt(0);
        if (kind == FAILED) {
            buried = true; // it ends by itself
            Burial.bury(loop, child, exitRecord);
            throw Failures.at(request, Start.STAGES[message.bytes.getInt(STAGE)], message.bytes.getInt(ERROR));
        }
        ready = kind == READY;
    }
}
