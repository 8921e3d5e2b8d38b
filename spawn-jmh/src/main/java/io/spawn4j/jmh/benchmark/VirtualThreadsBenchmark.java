// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Child;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** As many virtual threads at once, each of which spawns, reads and waits. Needs a JDK from 21 on. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class VirtualThreadsBenchmark {
    private static final int WARM_UP = 200;
    private static final String PINNED_EVENT = "jdk.VirtualThreadPinned";

    /** Who starts them. */
    @Param("PROCESS_BUILDER")
    public Contender contender = Contender.PROCESS_BUILDER;

    /** How many at once. */
    @Param("10000")
    public int threads;

    /** How many of them have a child at a time: each has four descriptors. */
    @Param("4000")
    public int childrenAtATime;

    private Semaphore children = new Semaphore(0);

    private Prepared prepared = Prepared.NONE;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() {
        contender.requireThisJvm();
        children = new Semaphore(childrenAtATime);
        prepared = contender.prepare(Command.of(Program.STAMP, Streams.PIPES).withArguments(List.of("0")));
    }

    /** Every thread's child, to the last one's end; JFR says who blocked a carrier, however shortly. */
    @Benchmark
    public void spawnReadAndWait() throws IOException, InterruptedException {
        // A class that is initialized pins the carrier, once in a JVM's life.
        run(WARM_UP);
        Path file = Files.createTempFile("spawn4j-pinned-", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED_EVENT).withThreshold(Duration.ZERO);
            recording.start();
            long begin = System.nanoTime();
            run(threads);
            Figures.put(Figure.SECONDS, (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1));
            recording.stop();
            recording.dump(file);
            Figures.put(Figure.PINNED, (double) RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(PINNED_EVENT))
                    .count());
        } finally {
            Files.delete(file);
        }
    }

    private void run(int count) throws InterruptedException {
        ExecutorService executor = virtualThreads();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(executor.submit(() -> {
                    child();
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("one of the virtual threads failed", e.getCause());
        } finally {
            executor.shutdown();
        }
    }

    private void child() throws IOException, InterruptedException {
        children.acquire();
        try {
            startReadAndWait();
        } finally {
            children.release();
        }
    }

    private void startReadAndWait() throws IOException, InterruptedException {
        Child child = prepared.start();
        int length = child.output().readAllBytes().length;
        int code = child.waitFor();
        child.close();
        if (length != Long.BYTES || code != 0) {
            throw new IllegalStateException("the child wrote " + length + " bytes and ended with " + code);
        }
    }

    /** Compiled for Java 17, which has none. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no virtual threads", e);
        }
    }
}
