// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BufferedInputStream} that comes to be when somebody reads. Before JDK 21 it has a buffer of 8 KiB from the
 * start: for stdout and stderr of a child whose streams are only closed, seven eighths of all that a start allocates.
 */
final class LateBufferedInput extends InputStream {
    private final PipeInput pipe;
    private volatile @Nullable BufferedInputStream buffered;

    LateBufferedInput(PipeInput pipe) {
        this.pipe = pipe;
    }

    // No lock is held while reading: close() must not wait for a reader.
    private BufferedInputStream buffered() {
        BufferedInputStream seen = buffered;
        return seen == null ? create() : seen;
    }

    private synchronized BufferedInputStream create() {
        BufferedInputStream seen = buffered;
        if (seen == null) {
            seen = new BufferedInputStream(pipe);
            buffered = seen;
        }
        return seen;
    }

    @Override
    public int read() throws IOException {
        return buffered().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return buffered().read(target, offset, length);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        return buffered().transferTo(out);
    }

    @Override
    public long skip(long bytes) throws IOException {
        return buffered().skip(bytes);
    }

    @Override
    public int available() throws IOException {
        return buffered().available();
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int limit) {
        buffered().mark(limit);
    }

    @Override
    public void reset() throws IOException {
        buffered().reset();
    }

    /** Never waits for a reader: one that is blocked wakes up and fails. One that comes later finds the pipe closed. */
    @Override
    public void close() throws IOException {
        BufferedInputStream seen = buffered;
        if (seen == null) {
            pipe.close();
        } else {
            seen.close();
        }
    }
}
