// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for bytes on their way between a pipe and the heap. Not kept per thread: a pool thread or a virtual thread
 * would hold one for ever. But a thread looks first where it has put one back, and so mostly gets the one that its
 * CPU's cache holds: two threads that swap theirs fetch each line from the other CPU.
 */
public final class BufferPool {
    /** What a pipe holds by default, pipe(7): one read empties it. */
    public static final int PIPE_BYTES = 64 * 1024;

    /** A power of two. */
    private static final int PLACES = 16;

    private final int bytes;
    private final AtomicReferenceArray<@Nullable NativeMemory> places = new AtomicReferenceArray<>(PLACES);

    /** A pool of buffers of so many bytes. */
    public BufferPool(int bytes) {
        this.bytes = bytes;
    }

    public NativeMemory take() {
        int first = firstPlace();
        for (int i = 0; i < PLACES; i++) {
            int place = place(first, i);
            NativeMemory buffer = places.getPlain(place) == null ? null : places.getAndSet(place, null);
            if (buffer != null) {
                return buffer;
            }
        }
        return new NativeMemory(bytes);
    }

    /** Where all places are taken, the buffer is left to the garbage collector. */
    public void giveBack(NativeMemory buffer) {
        int first = firstPlace();
        for (int i = 0; i < PLACES; i++) {
            int place = place(first, i);
            if (places.getPlain(place) == null && places.compareAndSet(place, null, buffer)) {
                return;
            }
        }
    }

    private static int firstPlace() {
        return (int) Thread.currentThread().getId();
    }

    private static int place(int first, int distance) {
        return (first + distance) & (PLACES - 1);
    }
}
