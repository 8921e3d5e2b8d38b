// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The parent's ends of one child's three streams, each null where the child's is no pipe. Owns their descriptors. */
public final class Streams {
    private final @Nullable PipeOutput stdin;
    private final @Nullable PipeInput stdout;
    private final @Nullable PipeInput stderr;
    private @Nullable InputStream bufferedStdout;
    private @Nullable InputStream bufferedStderr;

    /** Takes over the descriptors; -1 stands for none. */
    public Streams(EventLoop loop, BufferPool buffers, int stdin, int stdout, int stderr) {
        this.stdin = stdin < 0 ? null : new PipeOutput(loop, buffers, stdin);
        this.stdout = stdout < 0 ? null : new PipeInput(loop, buffers, stdout);
        this.stderr = stderr < 0 ? null : new PipeInput(loop, buffers, stderr);
    }

    public OutputStream toChild() {
        return stdin == null ? NoStream.OUTPUT : stdin;
    }

    public synchronized InputStream fromStdout() {
        if (bufferedStdout == null) {
            bufferedStdout = buffered(stdout);
        }
        return bufferedStdout;
    }

    public synchronized InputStream fromStderr() {
        if (bufferedStderr == null) {
            bufferedStderr = buffered(stderr);
        }
        return bufferedStderr;
    }

    private static InputStream buffered(@Nullable PipeInput pipe) {
        return pipe == null ? NoStream.INPUT : new LateBufferedInput(pipe);
    }

    /** The child is dead: its stdin has no use any more, and its last output moves to the heap. */
    public void childExited() {
        if (stdin != null) {
            stdin.closeNow();
        }
        if (stdout != null) {
            stdout.childExited();
        }
        if (stderr != null) {
            stderr.childExited();
        }
    }

    public synchronized void closeAll() {
        if (stdin != null) {
            stdin.closeNow();
        }
        close(bufferedStdout, stdout);
        close(bufferedStderr, stderr);
    }

    // What waits in the buffer goes, too, as with ProcessBuilder.
    private static void close(@Nullable InputStream buffered, @Nullable PipeInput pipe) {
        try {
            if (buffered != null) {
                buffered.close();
            } else if (pipe != null) {
                pipe.close();
            }
        } catch (IOException e) {
            throw new AssertionError("closing the parent's end does no input or output", e);
        }
    }
}
