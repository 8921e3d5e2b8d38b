// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a child's stdout or stderr.
 *
 * <p>When the child has exited, what is left in the pipe moves to the heap (at most what a pipe holds, twice) and the
 * descriptor is closed as soon as the last writer is gone, so that a stream which nobody reads or closes costs no
 * descriptor. While a grandchild still writes, the pipe stays open for the reader.
 */
final class PipeInput extends InputStream {
    private static final int KEPT_AT_MOST = 2 * BufferPool.PIPE_BYTES;
    private static final byte[] NOTHING = {};

    /** How often a pipe is looked at whose last writer cannot be watched. */
    private static final long UNWATCHED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final BufferPool buffers;
    private final Descriptor descriptor;
    private final PipeReadiness readiness;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock: what was left in the pipe, from keptFrom on.
    private byte[] kept = NOTHING;
    private int keptFrom;
    private boolean endOfFile;
    private int failure; // errno of a read that nobody was there to be told of

    private volatile boolean exited;
    private volatile boolean writersGone;
    private volatile boolean drained;
    private volatile boolean closedByUser;
    private volatile @Nullable LastWriterWatch watch;

    PipeInput(EventLoop loop, BufferPool buffers, int fd) {
        this.loop = loop;
        this.buffers = buffers;
        this.descriptor = new Descriptor(loop, fd);
        this.readiness = new PipeReadiness(loop, descriptor, Kernel.READABLE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        lock.lock();
        try {
            if (closedByUser) {
                throw new IOException("Stream closed");
            }
            return length == 0 ? 0 : readLocked(target, offset, length);
        } finally {
            lock.unlock();
            drainIfExited();
        }
    }

    private int readLocked(byte[] target, int offset, int length) throws IOException {
        int fromKept = Math.min(length, kept.length - keptFrom);
        if (fromKept > 0) {
            System.arraycopy(kept, keptFrom, target, offset, fromKept);
            keptFrom += fromKept;
            if (keptFrom == kept.length) {
                kept = NOTHING;
                keptFrom = 0;
            }
            return fromKept;
        }
        if (failure != 0) {
            throw failed(failure);
        }
        if (endOfFile) {
            return -1;
        }
        while (true) {
            int fd = descriptor.enter();
            if (fd < 0) {
                throw new IOException("Stream closed");
            }
            try {
                long got = readNow(fd, target, offset, length);
                if (got >= 0) {
                    return got == 0 ? reachedEnd() : (int) got;
                }
                if (got == -Errno.EAGAIN) {
                    readiness.await(fd);
                    drained = false; // the wait took the place of a watch for the last writer
                } else if (got != -Errno.EINTR) {
                    throw failed((int) -got);
                }
            } finally {
                descriptor.leave();
            }
        }
    }

    private static IOException failed(int errno) {
        return new IOException(Errno.text(errno) + " (" + Errno.name(errno) + ")");
    }

    // The buffer is not kept through a wait: thousands of readers may wait at a time.
    private long readNow(int fd, byte[] target, int offset, int length) {
        NativeMemory buffer = buffers.take();
        try {
            long got = loop.kernel().read(fd, buffer.address, Math.min(length, buffer.size()));
            if (got > 0) {
                buffer.bytes.get(0, target, offset, (int) got);
            }
            return got;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private int reachedEnd() {
        endOfFile = true;
        closeDescriptor();
        return -1;
    }

    @Override
    public int available() throws IOException {
        lock.lock();
        try {
            if (closedByUser) {
                throw new IOException("Stream closed");
            }
            int fromKept = kept.length - keptFrom;
            int fd = descriptor.enter();
            if (fd < 0) {
                return fromKept;
            }
            try {
                long inPipe = loop.kernel().available(fd);
                if (inPipe < 0) {
                    throw failed((int) -inPipe);
                }
                return fromKept + (int) inPipe;
            } finally {
                descriptor.leave();
            }
        } finally {
            lock.unlock();
            drainIfExited();
        }
    }

    /** Never waits for a reader: one that is blocked wakes up and fails. */
    @Override
    public void close() {
        closedByUser = true;
        closeDescriptor();
        readiness.wake();
    }

    private void closeDescriptor() {
        descriptor.close();
        LastWriterWatch watching = watch;
        if (watching != null) {
            loop.forget(watching.token);
        }
    }

    /**
     * The child is dead: its last words move to the heap. On the event thread, or the one that waited for the child.
     */
    void childExited() {
        exited = true;
        drainIfExited();
    }

    // A reader that holds the lock drains when it lets go of it.
    private void drainIfExited() {
        while (exited && !drained && !descriptor.isClosed() && lock.tryLock()) {
            try {
                if (!drained) {
                    drained = true;
                    drain();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void drain() {
        int fd = descriptor.enter();
        if (fd < 0) {
            return;
        }
        // Without writers there is no more than the pipe holds, and nobody left to wait for.
        int atMost = writersGone ? Integer.MAX_VALUE : KEPT_AT_MOST;
        NativeMemory buffer = buffers.take();
        try {
            boolean writersLeft = false;
            while (!endOfFile && !writersLeft && kept.length - keptFrom < atMost) {
                long got = loop.kernel().read(fd, buffer.address, buffer.size());
                if (got > 0) {
                    keep(buffer, (int) got);
                } else if (got == -Errno.EAGAIN) {
                    writersLeft = true;
                } else if (got == 0) {
                    reachedEnd();
                } else if (got != -Errno.EINTR) {
                    failure = (int) -got;
                    reachedEnd();
                }
            }
            if (!endOfFile) {
                watchForLastWriter(fd);
            }
        } finally {
            buffers.giveBack(buffer);
            descriptor.leave();
        }
    }

    private void keep(NativeMemory buffer, int length) {
        int before = kept.length - keptFrom;
        byte[] grown = Arrays.copyOfRange(kept, keptFrom, keptFrom + before + length);
        buffer.bytes.get(0, grown, before, length);
        kept = grown;
        keptFrom = 0;
    }

    // From here on only the user holds this stream: the event loop must not keep it alive, and if the user drops it the
    // descriptor goes with it.
    private void watchForLastWriter(int fd) {
        LastWriterWatch watching = watch;
        if (watching == null) {
            descriptor.markOnEventLoop();
            watching = new LastWriterWatch(loop, this);
            watch = watching;
            loop.whenDropped(this, new Dropped(loop, descriptor, watching.token));
        }
        if (loop.kernel().epollArm(loop.epoll(), fd, Kernel.ONE_SHOT, watching.token) < 0) {
            loop.schedule(UNWATCHED_NANOS, watching::lookAgain); // out of epoll watches or memory
        }
        if (descriptor.isClosed()) {
            loop.forget(watching.token); // close() may have come before there was a watch to forget
        }
    }

    private record Dropped(EventLoop loop, Descriptor descriptor, long token) implements Runnable {
        @Override
        public void run() {
            loop.forget(token);
            descriptor.close();
        }
    }

    private static final class LastWriterWatch implements EventLoop.Handler {
        private final WeakReference<PipeInput> stream;
        final long token;

        LastWriterWatch(EventLoop loop, PipeInput stream) {
            this.stream = new WeakReference<>(stream);
            this.token = loop.register(this);
        }

        @Override
        public void ready(int events) {
            PipeInput still = stream.get();
            if (still != null) {
                still.writersGone = true;
                still.drained = false;
                still.drainIfExited();
            }
        }

        void lookAgain() {
            PipeInput still = stream.get();
            if (still != null) {
                still.drained = false;
                still.drainIfExited();
            }
        }
    }
}
