// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parent's end of a child's stdin, buffered as ProcessBuilder's is: what is written arrives at a flush, at close, or when
 * {@value #BUFFER_BYTES} bytes have come together.
 */
final class PipeOutput extends OutputStream {
    private static final int BUFFER_BYTES = 8192;
    private static final byte[] NO_BUFFER = {};

    private final EventLoop loop;
    private final BufferPool buffers;
    private final Descriptor descriptor;
    private final Readiness readiness;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock; made at the first write.
    private byte[] pending = NO_BUFFER;
    private int pendingBytes;

    PipeOutput(EventLoop loop, BufferPool buffers, int fd) {
        this.loop = loop;
        this.buffers = buffers;
        this.descriptor = new Descriptor(loop, fd);
        this.readiness = new Readiness(loop, descriptor, Kernel.WRITABLE);
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
            if (pendingBytes + length > BUFFER_BYTES) {
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

    /** Writes what is pending and closes. A thread that is blocked in a write wakes up and fails; then nothing is pending. */
    @Override
    public void close() throws IOException {
        if (!lock.tryLock()) {
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
        NativeMemory buffer = buffers.take();
        try {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                int chunk = Math.min(end - at, buffer.size());
                buffer.bytes.put(0, source, at, chunk);
                for (int written = 0; written < chunk; ) {
                    written += writeOnce(buffer.address + written, chunk - written);
                }
                at += chunk;
            }
        } finally {
            buffers.giveBack(buffer);
        }
    }

    /** Bytes written; 0 after a wait that is worth another try. */
    private int writeOnce(long address, int length) throws IOException {
        int fd = descriptor.enter();
        if (fd < 0) {
            throw new IOException("Stream closed");
        }
        try {
            long got = loop.kernel().write(fd, address, length);
            if (got == -Errno.EAGAIN) {
                readiness.await(fd);
                return 0;
            }
            if (got < 0 && got != -Errno.EINTR) {
                throw new IOException(Errno.text((int) -got) + " (" + Errno.name((int) -got) + ")");
            }
            return (int) Math.max(0, got);
        } finally {
            descriptor.leave();
        }
    }
}
