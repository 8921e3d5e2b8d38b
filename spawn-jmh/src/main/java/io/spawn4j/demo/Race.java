// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Has every file digested by a child of each {@link Starter}, in alternate batches, and keeps the time of each. */
final class Race implements AutoCloseable {
    private static final int BATCH = 100;

    private final List<Path> files;
    private final ExecutorService workers;
    private final Map<Starter, Tally> tallies = new EnumMap<>(Starter.class);

    Race(List<Path> files, int workers) {
        this.files = files;
        this.workers = Executors.newFixedThreadPool(workers);
    }

    /** @throws IOException if a child fails or gives another digest than Java */
    void run() throws IOException, InterruptedException {
        // What either needs once, such as helper threads and compiled code, would otherwise count for its first batch.
        List<Path> warmUp = files.subList(0, Math.min(BATCH, files.size()));
        for (Starter starter : Starter.values()) {
            digest(starter, warmUp, digests(warmUp));
        }
        List<Starter> order = new ArrayList<>(List.of(Starter.values()));
        for (int from = 0; from < files.size(); from += BATCH) {
            List<Path> batch = files.subList(from, Math.min(from + BATCH, files.size()));
            List<String> expected = digests(batch);
            for (Starter starter : order) {
                Tally tally = digest(starter, batch, expected);
                synchronized (tallies) {
                    tallies.merge(starter, tally, Tally::plus);
                }
            }
            // Whoever goes second finds the files in warmer caches.
            Collections.reverse(order);
        }
    }

    /** What has been done so far; any thread may ask. */
    Tally tally(Starter starter) {
        synchronized (tallies) {
            return tallies.getOrDefault(starter, Tally.NONE);
        }
    }

    private static List<String> digests(List<Path> batch) throws IOException {
        List<String> digests = new ArrayList<>();
        for (Path file : batch) {
            digests.add(Checksum.inJava(file));
        }
        return digests;
    }

    private Tally digest(Starter starter, List<Path> batch, List<String> expected)
            throws IOException, InterruptedException {
        List<Callable<String>> tasks = batch.stream()
                .<Callable<String>>map(file -> () -> Checksum.inChild(starter, file))
                .toList();
        long begin = System.nanoTime();
        List<Future<String>> answers = workers.invokeAll(tasks);
        long nanos = System.nanoTime() - begin;
        for (int i = 0; i < batch.size(); i++) {
            String answer = answerOf(answers.get(i));
            if (!answer.equals(expected.get(i))) {
                throw new IOException(batch.get(i) + ": Java computes " + expected.get(i) + ", the child of " + starter
                        + " answered " + answer);
            }
        }
        return new Tally(batch.size(), nanos);
    }

    private static String answerOf(Future<String> answer) throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    /** How many children, in how much time. */
    record Tally(int children, long nanos) {
        static final Tally NONE = new Tally(0, 0);

        Tally plus(Tally other) {
            return new Tally(children + other.children, nanos + other.nanos);
        }

        double perSecond() {
            return nanos == 0 ? 0 : children * 1e9 / nanos;
        }
    }
}
