// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Virtual threads seen from Java 17 bytecode: none before JDK 21. */
public final class VirtualThreads {
    private static final int SINCE = 21;

    /**
     * What {@link Thread}'s own {@code isVirtual} asks for. A method handle on that one would cost milliseconds when it
     * is first called.
     */
    private static final @Nullable Class<?> VIRTUAL = find();

    private VirtualThreads() {}

    private static @Nullable Class<?> find() {
        if (Runtime.version().feature() < SINCE) {
            return null;
        }
        try {
            return Class.forName("java.lang.BaseVirtualThread");
        } catch (ClassNotFoundException otherName) {
            return null; // then each is asked
        }
    }

    public static boolean current() {
        Class<?> virtual = VIRTUAL;
        if (virtual != null) {
            return virtual.isInstance(Thread.currentThread());
        }
        return Runtime.version().feature() >= SINCE && asked();
    }

    private static boolean asked() {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Thread.isVirtual", e);
        }
    }

    /** Makes a call that may block: on this thread, or on a platform thread of its own so that no carrier is held. */
    public static long blocking(LongSupplier call) {
        if (!current()) {
            return call.getAsLong();
        }
        CompletableFuture<Long> result = new CompletableFuture<>();
        try {
            CleanThreads.start("spawn4j-blocking-call", () -> {
                try {
                    result.complete(call.getAsLong());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (OutOfMemoryError noThread) {
            return call.getAsLong(); // the carrier is held, and the call is made all the same
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
