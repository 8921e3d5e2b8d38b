// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Virtual threads seen from Java 17 bytecode: none before JDK 21. */
public final class VirtualThreads {
    private static final @Nullable MethodHandle IS_VIRTUAL = find();

    private VirtualThreads() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException beforeJdk21) {
            return null;
        }
    }

    public static boolean current() {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new AssertionError("Thread.isVirtual", e);
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
