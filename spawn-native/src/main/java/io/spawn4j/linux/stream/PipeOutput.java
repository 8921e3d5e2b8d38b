// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parent's end of a child's stdin, buffered as ProcessBuilder's is: what is written arrives at a flush, at close,
 * or when {@value #BUFFER_BYTES} bytes have come together.
 */
final class PipeOutput extends OutputStream {
    private static final int BUFFER_BYTES = 8192;
    private static final byte[] NO_BUFFER = {};
    private static final long LOCK_MILLIS = 10;

    private final EventLoop loop;
    private final BufferPool buffers;
    private final Descriptor descriptor;
    private final PipeReadiness readiness;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock; made at the first write.
    private byte[] pending = NO_BUFFER;
    private int pendingBytes;

    /** A writer waits until the child has read something. */
    private volatile boolean blocked;

    PipeOutput(EventLoop loop, BufferPool buffers, int fd) {
        this.loop = loop;
        this.buffers = buffers;
        this.descriptor = new Descriptor(loop, fd);
        this.readiness = new PipeReadiness(loop, descriptor, Kernel.WRITABLE);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        lock.lock();
        try {
            ensureOpen();
            if (length > BUFFER_BYTES - pendingBytes) {
                writePending();
            }
            if (length >= BUFFER_BYTES) {
                writeFully(source, offset, length);
                return;
            }
            if (pending.length == 0) {
                pending = new byte[BUFFER_BYTES];
            }
            System.arraycopy(source, offset, pending, pendingBytes, length);
            pendingBytes += length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            if (pendingBytes > 0) {
                ensureOpen();
                writePending();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what is pending and closes. A thread that is blocked in a write wakes up and fails; then nothing is
     * pending.
     */
    @Override
    public void close() throws IOException {
        if (!lockUnlessBlocked()) {
            closeNow();
            return;
        }
        try {
            if (!descriptor.isClosed()) {
                writePending();
            }
        } finally {
            lock.unlock();
            closeNow();
        }
    }

    // A writer that is merely busy is waited for; one that waits for the child to read might wait for ever.
    private boolean lockUnlessBlocked() {
        boolean interrupted = false;
        try {
            while (!blocked) {
                try {
                    if (lock.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                        return true;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return lock.tryLock();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes without writing what is pending: the reader is dead or about to be. */
    void closeNow() {
        descriptor.close();
        readiness.wake();
    }

    private void ensureOpen() throws IOException {
        if (descriptor.isClosed()) {
            throw new IOException("Stream closed");
        }
    }

    private void writePending() throws IOException {
        int length = pendingBytes;
        pendingBytes = 0;
        writeFully(pending, 0, length);
    }

    private void writeFully(byte[] source, int offset, int length) throws IOException {
        for (int written = 0; written < length; ) {
            int fd = descriptor.enter();
            if (fd < 0) {
                throw new IOException("Stream closed");
            }
            try {
                long got = writeNow(fd, source, offset + written, length - written);
                if (got >= 0) {
                    written += (int) got;
                } else if (got == -Errno.EAGAIN) {
                    blocked = true;
                    readiness.await(fd);
                    blocked = false;
                } else if (got != -Errno.EINTR) {
                    throw new IOException(Errno.text((int) -got) + " (" + Errno.name((int) -got) + ")");
                }
            } finally {
                descriptor.leave();
            }
        }
    }

    // The buffer is not kept through a wait: thousands of writers may wait at a time.
    private long writeNow(int fd, byte[] source, int offset, int length) {
        NativeMemory buffer = buffers.take();
        try {
            int chunk = Math.min(length, buffer.size());
            buffer.bytes.put(0, source, offset, chunk);
            return loop.kernel().write(fd, buffer.address, chunk);
        } finally {
            buffers.giveBack(buffer);
        }
    }
}
