// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a child that a spawn4j-init supervises, through that one's messages: it is the child's parent, so its word is the status. Owns
 * the socket, the supervisor's pidfd and the program's. The socket's hang-up means that the supervisor is gone.
 */
final class TreeWatch implements ExitWatch, EventLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(TreeWatch.class);
    private static final int EVENTS = Kernel.READABLE | Kernel.ONE_SHOT;
    private static final int DIRECT_WAIT_MILLIS = 2;

    /** What an answer may take to get here. */
    private static final long ANSWER_MILLIS = 300;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final CoreLibrary core;
    private final Launched launched;
    private final Launched.Supervisor supervisor;
    private final Descriptor socket;
    private final Descriptor pidfd;

    // Made before there is a status that could be lost.
    private final InitMessage message = new InitMessage();
    private final NativeMemory exitRecord = new NativeMemory(ExitRecord.BYTES);

    private final ReentrantLock reading = new ReentrantLock();
    private final Condition progressed = reading.newCondition();

    /** Nothing of the tree is left, or nobody can tell any more. */
    private final CountDownLatch gone = new CountDownLatch(1);

    private @Nullable LinuxChild child;

    // Guarded by reading.
    private long token;
    private boolean closed;
    private boolean empty;
    private InitMessage.@Nullable Progress progress;
    private int lastSequence;

    /** Takes over the descriptors but those of the streams. */
    TreeWatch(EventLoop loop, Launched launched, Launched.Supervisor supervisor) {
        this.loop = loop;
        this.core = supervisor.core();
        this.launched = launched;
        this.supervisor = supervisor;
        this.socket = new Descriptor(loop, launched.helper());
        this.pidfd = new Descriptor(loop, launched.pidfd());
    }

    @Override
    public void begin(LinuxChild watched) {
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
            LOG.warn("epoll_ctl: {}; {} is looked at every 100 ms instead", Errno.describe(-armed), child);
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
    public boolean awaitHere(LinuxChild watched, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (VirtualThreads.current()) {
            watchNow();
            return watched.hasEnded();
        }
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
            case InitMessage.KILLED, InitMessage.EMPTY -> {
                progress = message.progress();
                empty |= message.kind() == InitMessage.EMPTY; // which it says after the proof, and only then
                progressed.signalAll();
            }
            default -> LOG.warn("spawn4j-init of {} said {}, which means nothing here", child, message.kind());
        }
        if (message.tellsEnd()) {
            Objects.requireNonNull(child).ended(message.status(), message.usage());
        }
    }

    private void hangUp(long error) {
        closed = true;
        if (token != 0) {
            loop.forget(token);
        }
        Burial.leave(loop, launched.supervisorOnly(), exitRecord);
        LinuxChild watched = Objects.requireNonNull(child);
        if (!watched.hasEnded()) {
            watched.ended(
                    new ExitStatus.Unknown("its spawn4j-init, process " + supervisor.pid()
                            + ", was killed before it could tell"
                            + (error == 0 ? "" : "; " + Errno.describe(-error))),
                    null);
        }
        socket.close();
        pidfd.close();
        if (!empty) {
            LOG.warn("the spawn4j-init (process {}) of {} was killed", supervisor.pid(), watched);
            endWithoutIt();
        }
        gone.countDown();
        progressed.signalAll();
    }

    // The program itself is tied to its supervisor by the kernel. A cgroup can be ended by anybody who may write to it,
    // and a
    // namespace ends with its pid 1; what was in neither is out of reach.
    private void endWithoutIt() {
        AbandonedLeaf.end(supervisor);
    }

    @Override
    public long signal(int signal) {
        int fd = pidfd.enter();
        if (fd < 0) {
            return 0;
        }
        try {
            long result = core.pidfdSignal(fd, signal);
            return result == -Errno.ESRCH ? 0 : result;
        } finally {
            pidfd.leave();
        }
    }

    @Override
    public <T> @Nullable T whileUnreaped(Supplier<@Nullable T> question) {
        T answer = question.get();
        int fd = pidfd.enter();
        if (fd < 0) {
            return null;
        }
        try {
            // If it is not reaped now, it was not when it was asked for.
            return core.pidfdSignal(fd, 0) == -Errno.ESRCH ? null : answer;
        } finally {
            pidfd.leave();
        }
    }

    @Override
    public Containment containment() {
        return supervisor.containment();
    }

    /** What is known of the tree. */
    record Tree(boolean empty, boolean lost, InitMessage.@Nullable Progress progress) {}

    /** Has everything killed, and waits for the proof, or until the time is over. */
    Tree kill(long nanos) throws InterruptedException {
        watchNow();
        long deadline = System.nanoTime() + nanos;
        int sequence = ask(TimeUnit.NANOSECONDS.toMillis(nanos) - ANSWER_MILLIS);
        reading.lockInterruptibly();
        try {
            long left = deadline - System.nanoTime();
            while (!closed && !empty && !answered(sequence) && left > 0) {
                left = progressed.awaitNanos(left);
            }
            if (!closed && !empty && !answered(sequence) && containment() == Containment.PID_NAMESPACE) {
                // Somebody has stopped pid 1; the kernel ends it, and with it everything inside.
                core.pidfdSignal(supervisor.pidfd(), Signal.SIGKILL.number());
            }
        } finally {
            reading.unlock();
        }
        if (isEmpty()) { // its last act is to leave
            gone.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return tree();
    }

    private boolean answered(int sequence) {
        return progress != null && progress.sequence() >= sequence;
    }

    /** The tree without doing anything; for one whose program has ended, when it was gone before. */
    Tree tree() {
        reading.lock();
        try {
            return new Tree(empty, closed && !empty, progress);
        } finally {
            reading.unlock();
        }
    }

    private boolean isEmpty() {
        reading.lock();
        try {
            return empty;
        } finally {
            reading.unlock();
        }
    }

    private int ask(long millis) {
        reading.lock();
        try {
            int sequence = ++lastSequence;
            int fd = socket.enter();
            if (fd < 0) {
                return sequence;
            }
            try {
                long asked = InitMessage.askToKill(core, fd, sequence, millis);
                if (asked < 0
                        && asked != -Errno.EPIPE
                        && asked != -InitMessage.ECONNRESET) { // a hang-up is read as such
                    LOG.warn("spawn4j-init of {} could not be asked: {}", child, Errno.describe(-asked));
                }
                // Somebody may have stopped it.
                core.pidfdSignal(supervisor.pidfd(), Signal.SIGCONT.number());
            } finally {
                socket.leave();
            }
            return sequence;
        } finally {
            reading.unlock();
        }
    }
}
