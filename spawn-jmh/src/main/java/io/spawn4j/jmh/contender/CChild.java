// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/** A child of the C library. */
final class CChild implements Child {
    private static final int PID = 0;
    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int ERROR = 3;
    private static final int CLOSED = -1;

    private final CLibrary library;
    private final int pid;

    /** The three ends that this JVM has, or -1. */
    private final int[] streams;

    private final InputStream output;
    private volatile boolean reaped;
    private int code;

    /** @param child as {@code contender_start} fills it */
    CChild(CLibrary library, int[] child) {
        this.library = library;
        this.pid = child[PID];
        this.streams = new int[] {child[INPUT], child[OUTPUT], child[ERROR]};
        this.output = child[OUTPUT] < 0 ? InputStream.nullInputStream() : new Output(library, child[OUTPUT]);
    }

    @Override
    public long pid() {
        return pid;
    }

    /** Blocks in waitid(2), which an interrupt does not end. */
    @Override
    public synchronized int waitFor() {
        if (!reaped) {
            code = library.waitFor(pid);
            reaped = true;
        }
        return code;
    }

    @Override
    public void onExit(Runnable callback) {
        throw new UnsupportedOperationException("C has no callbacks");
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public OutputStream input() {
        throw new UnsupportedOperationException("C has no stream for the input");
    }

    @Override
    public void kill() {
        if (!reaped) {
            library.kill(pid);
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
        library.closeDescriptors(streams);
        Arrays.fill(streams, CLOSED);
    }

    /** Reads a descriptor that the child's {@link CChild#close} closes. */
    private static final class Output extends InputStream {
        private static final int MOST_AT_ONCE = 65_536;

        private final CLibrary library;
        private final int fd;
        private @Nullable Pointer buffer;
        private boolean closed;

        Output(CLibrary library, int fd) {
            this.library = library;
            this.fd = fd;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (closed) {
                throw new IOException("closed");
            }
            if (length == 0) {
                return 0;
            }
            Pointer memory = buffer;
            if (memory == null) {
                memory = library.buffer(MOST_AT_ONCE);
                buffer = memory;
            }
            int count = library.read(fd, memory, Math.min(length, MOST_AT_ONCE));
            memory.get(0, target, offset, count);
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
