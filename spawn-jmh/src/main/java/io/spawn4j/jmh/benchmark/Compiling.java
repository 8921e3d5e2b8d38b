// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Has the JIT compiler compile something before it is measured. */
final class Compiling {
    /** What is to be compiled. */
    @FunctionalInterface
    interface Body {
        void run() throws IOException, InterruptedException;
    }

    private Compiling() {}

    /**
     * Runs it again and again in as many threads as will measure it: alone, a caller meets none of the branches that
     * are for several.
     */
    static void run(int callers, int millis, Body body) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        List<FutureTask<Void>> tasks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                while (System.nanoTime() < end) {
                    body.run();
                }
                return null;
            });
            tasks.add(task);
            threads.add(new Thread(task, "compiling-" + i));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (FutureTask<Void> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
    }
}
