// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the JDK is going to collect the status of a zombie. For a child of ProcessBuilder, {@link
 * ProcessHandle#onExit()} completes when the JDK has reaped it; for any other child that is dead, at once.
 */
final class JdkClaim {
    private final long pid;
    private @Nullable CompletableFuture<?> answer;

    JdkClaim(long pid) {
        this.pid = pid;
    }

    /**
     * Whether the JDK has answered that it waits for nothing. If it answers later, a later call tells.
     *
     * @param nanos how long to wait for the answer, the first time; if not positive, a later call asks
     * @throws IOException if the JDK does not see the process
     */
    boolean isRuledOut(long nanos) throws IOException {
        CompletableFuture<?> asked = answer;
        if (asked == null) {
            if (nanos <= 0) {
                return false;
            }
            asked = ask();
            answer = asked;
            await(asked, nanos);
        }
        return asked.isDone();
    }

    private CompletableFuture<?> ask() throws IOException {
        ProcessHandle handle = ProcessHandle.of(pid)
                .orElseThrow(() -> new IOException("the JDK does not see process " + pid + ", which is a zombie"));
        try {
            return handle.onExit();
        } catch (OutOfMemoryError e) {
            // An answer: the JDK wants a thread only where none of its own waits for the process.
            if (String.valueOf(e.getMessage()).contains("native thread")) {
                return CompletableFuture.completedFuture(handle);
            }
            throw e;
        }
    }

    private static void await(CompletableFuture<?> asked, long nanos) {
        try {
            asked.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException later) {
            // isDone() tells, and nobody has a reason to interrupt the thread that asks
        }
    }
}
