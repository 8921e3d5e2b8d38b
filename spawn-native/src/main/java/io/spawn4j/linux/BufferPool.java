// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers for bytes on their way between a pipe and the heap. Not kept per thread: a pool thread or a virtual thread would
 * hold one for ever.
 */
final class BufferPool {
    /** What a pipe holds by default, pipe(7): one read empties it. */
    static final int PIPE_BYTES = 64 * 1024;

    private static final int KEPT = 16;

    private final int bytes;
    private final ConcurrentLinkedDeque<NativeMemory> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger freeCount = new AtomicInteger();

    /** A pool of buffers of so many bytes. */
    BufferPool(int bytes) {
        this.bytes = bytes;
    }

    NativeMemory take() {
        NativeMemory buffer = free.pollFirst();
        if (buffer == null) {
            return new NativeMemory(bytes);
        }
        freeCount.decrementAndGet();
        return buffer;
    }

    void giveBack(NativeMemory buffer) {
        if (freeCount.get() < KEPT) {
            freeCount.incrementAndGet();
            free.addFirst(buffer);
        }
    }
}
