// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.ExitWatch;
import io.spawn4j.linux.child.Killed;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.Pidfd;
import io.spawn4j.linux.child.WatchedChild;
import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a child that a spawn4j-init supervises, through that one's messages: it is the child's parent, so its word is
 * the status. Owns the socket, the supervisor's pidfd and the program's. The socket's hang-up means that the supervisor
 * is gone.
 */
public final class TreeWatch implements ExitWatch, EventLoop.Handler, TreeKilling.Signaller {
    private static final int EVENTS = Kernel.READABLE | Kernel.ONE_SHOT;
    private static final int DIRECT_WAIT_MILLIS = 2;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final CoreLibrary core;
    private final Launched launched;
    private final Launched.Supervisor supervisor;
    private final Descriptor socket;
    private final Pidfd pidfd;

    // Made before there is a status that could be lost.
    private final InitMessage message = new InitMessage();
    private final NativeMemory exitRecord = new NativeMemory(ExitRecord.BYTES);

    private final ReentrantLock reading = new ReentrantLock();
    private final TreeProgress progress = new TreeProgress();
    private final TreeKilling killing;

    private @Nullable WatchedChild child;

    // Guarded by reading.
    private long token;
    private boolean closed;

    /** Takes over the descriptors but those of the streams. */
    public TreeWatch(EventLoop loop, Launched launched, Launched.Supervisor supervisor) {
        this.loop = loop;
        this.core = supervisor.core();
        this.launched = launched;
        this.supervisor = supervisor;
        this.socket = new Descriptor(loop, launched.helper());
        this.pidfd = new Pidfd(loop, launched.pidfd());
        this.killing = new TreeKilling(supervisor, socket, progress, this);
    }

    @Override
    public void begin(WatchedChild watched) {
        child = watched;
        loop.soon(this::watchNow);
    }

    @Override
    public void watchNow() {
        int fd = socket.enter();
        if (fd < 0) {
            return;
        }
        reading.lock();
        try {
            if (closed || token != 0) {
                return;
            }
            socket.markOnEventLoop();
            token = loop.register(this);
            arm(fd);
        } finally {
            reading.unlock();
            socket.leave();
        }
    }

    private void arm(int fd) {
        long armed = core.epollArm(loop.epoll(), fd, EVENTS, token);
        if (armed < 0) {
            loop.schedule(RETRY_NANOS, () -> ready(Kernel.READABLE));
            Log.warn(
                    TreeWatch.class,
                    "epoll_ctl: {}; {} is looked at every 100 ms instead",
                    Errno.describe(-armed),
                    child);
        }
    }

    @Override
    public void ready(int events) {
        int fd = socket.enter();
        if (fd < 0) {
            return;
        }
        reading.lock();
        try {
            readAll(fd);
            if (!closed) {
                arm(fd);
            }
        } finally {
            reading.unlock();
            socket.leave();
        }
    }

    @Override
    public boolean awaitHere(WatchedChild watched, long nanos) {
        int fd = socket.enter();
        if (fd < 0) {
            return watched.hasEnded();
        }
        try {
            long millis = Math.min(DIRECT_WAIT_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            if (core.poll(fd, Kernel.READABLE, (int) millis) > 0) {
                reading.lock();
                try {
                    readAll(fd);
                } finally {
                    reading.unlock();
                }
            }
        } finally {
            socket.leave();
        }
        watchNow();
        return watched.hasEnded();
    }

    private void readAll(int fd) {
        while (!closed) {
            long got = message.receive(core, fd);
            if (got == -Errno.EAGAIN) {
                return;
            }
            if (got > 0) {
                take();
            } else if (got != -Errno.EINTR) {
                hangUp(got);
            }
        }
    }

    private void take() {
        switch (message.kind()) {
            case InitMessage.ENDED -> {}
            case InitMessage.KILLED -> progress.note(message.progress(), false);
            case InitMessage.EMPTY -> progress.note(message.progress(), true); // said after the proof, and only then
            default ->
                Log.warn(
                        TreeWatch.class, "spawn4j-init of {} said {}, which means nothing here", child, message.kind());
        }
        if (message.tellsEnd()) {
            Objects.requireNonNull(child).ended(message.status(), message.usage());
        }
    }

    private void hangUp(long error) {
        closed = true; // from here on nobody signals the supervisor
        if (token != 0) {
            loop.forget(token);
        }
        Burial.leave(loop, launched.supervisorOnly(), exitRecord);
        try {
            tellEnd(error);
        } finally {
            progress.end();
        }
    }

    private void tellEnd(long error) {
        WatchedChild watched = Objects.requireNonNull(child);
        if (!watched.hasEnded()) {
            watched.ended(
                    new ExitStatus.Unknown("its spawn4j-init, process " + supervisor.pid()
                            + ", was killed before it could tell"
                            + (error == 0 ? "" : "; " + Errno.describe(-error))),
                    null);
        }
        socket.close();
        pidfd.descriptor().close();
        if (!progress.seen().empty()) {
            Log.warn(TreeWatch.class, "the spawn4j-init (process {}) of {} was killed", supervisor.pid(), watched);
            // The program itself is tied to its supervisor by the kernel. A cgroup can be ended by anybody who may
            // write to it, and a namespace ends with its pid 1; what was in neither is out of reach.
            AbandonedLeaf.end(supervisor);
        }
    }

    @Override
    public void signalSupervisor(Signal signal) {
        reading.lock();
        try {
            if (!closed) {
                core.pidfdSignal(supervisor.pidfd(), signal.number());
            }
        } finally {
            reading.unlock();
        }
    }

    @Override
    public long signal(int signal) {
        return pidfd.signal(signal);
    }

    @Override
    public <T> @Nullable T whileUnreaped(Supplier<@Nullable T> question) {
        T answer = question.get();
        // If it is not reaped now, it was not when it was asked for.
        return pidfd.isUnreaped() ? answer : null;
    }

    @Override
    public Killed killAll(WatchedChild watched, long nanos) throws InterruptedException {
        watchNow();
        return killing.run(watched, nanos);
    }

    @Override
    public Containment containment() {
        return supervisor.containment();
    }
}
