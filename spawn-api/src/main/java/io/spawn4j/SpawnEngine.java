// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.concurrent.CompletableFuture;

/**
 * The engine that starts the children of this JVM, for those who care when it comes and when it goes. Nobody has to:
 * the first {@link SpawnBuilder#start()} brings it up, and it stays as long as the JVM.
 *
 * <p>A program that knows early that it will start something calls {@link #prepare()} and goes on; its first child then
 * costs less than ProcessBuilder's. An application that is undeployed from a JVM which lives on calls {@link
 * #shutdown()}, or its class loader stays.
 */
public final class SpawnEngine {
    private SpawnEngine() {}

    /**
     * Brings the engine up in the background, and finds out what the host lets it do. Never throws, and may be called
     * any number of times, by several threads at once; a start that comes meanwhile waits for the engine, not for the
     * rest.
     *
     * <p>Cost: a thread for some 50 ms, and the children in which the host's abilities are tried.
     *
     * @return completes with what {@link SpawnCapabilities#current()} returns then, the reason of a failure included;
     *     with an {@link OutOfMemoryError} where there is no thread or no memory. Its dependent stages run on the
     *     library's thread: name an executor for those that block
     */
    public static CompletableFuture<SpawnCapabilities> prepare() {
        CompletableFuture<SpawnCapabilities> result = new CompletableFuture<>();
        try {
            Thread thread = new Thread(null, new Preparation(result), "spawn4j-prepare", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(SpawnEngine.class.getClassLoader());
            thread.start();
        } catch (OutOfMemoryError | SecurityException noThread) {
            result.completeExceptionally(noThread);
        }
        return result;
    }

    /**
     * Ends the engine: its threads end, and its memory and descriptors are given back, so that nothing of the library
     * keeps its class loader. A later start brings it up anew. Does nothing where none is up.
     *
     * <p>Returns when all is gone, which takes milliseconds. A few pages with the code of the native core stay mapped.
     *
     * @throws IllegalStateException if a child lives, one of the streams of a child is open, or an {@link OrphanReaper}
     *     is installed; the message says which, and the engine goes on as before
     */
    public static void shutdown() {
        OrphanReaper.requireNone();
        CurrentEngine.shutdown();
    }

    /** What the background thread does. */
    private static final class Preparation implements Runnable {
        private final CompletableFuture<SpawnCapabilities> result;

        Preparation(CompletableFuture<SpawnCapabilities> result) {
            this.result = result;
        }

        @Override
        public void run() {
            try {
                result.complete(SpawnCapabilities.find());
            } catch (Throwable e) { // whoever waits is to know
                result.completeExceptionally(e);
            }
        }
    }
}
