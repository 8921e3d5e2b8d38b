// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.CLibrary;
import io.spawn4j.jmh.contender.Child;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * How long single steps take; the percentiles are in {@link Figure#P50} and its kin.
 *
 * <p>A child's end is the moment before its last two system calls, by its own look at CLOCK_MONOTONIC, the clock of
 * {@link System#nanoTime}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LatencyBenchmark {
    private static final String LASTING_MICROS = "3000";

    /** Before each of the others, since the JIT compiler counts calls. */
    private static final int TINIES = 10;

    /** Who starts it. */
    @Param("C_POSIX_SPAWN")
    public Contender contender = Contender.C_POSIX_SPAWN;

    /** How long the child lives, in microseconds. */
    @Param("0")
    public int lifeMicros;

    /** How long many children are started before anything counts. */
    @Param("4000")
    public int compileMillis;

    private Prepared tiny = Prepared.NONE;
    private Prepared pause = Prepared.NONE;
    private Prepared stamp = Prepared.NONE;
    private Command stampCommand = Command.of(Program.STAMP, Streams.PIPES);

    /**
     * Fails early, with a sentence, where this JVM is not the contender's; then has the JVM compile what is measured:
     * children that live for 20 ms are too few for that. Who waits for long may go another way than who waits for a
     * moment, so some live for 3 ms.
     */
    @Setup(Level.Trial)
    public void setUp(BenchmarkParams params) throws IOException, InterruptedException {
        setUp(params.getThreads());
    }

    void setUp(int callers) throws IOException, InterruptedException {
        contender.requireThisJvm();
        stampCommand = stampCommand.withArguments(List.of(Integer.toString(lifeMicros)));
        tiny = contender.prepare(Command.of(Program.TINY, Streams.PIPES));
        pause = contender.prepare(Command.of(Program.PAUSE, Streams.PIPES));
        stamp = contender.prepare(stampCommand);
        Prepared lasting = contender.prepare(stampCommand.withArguments(List.of(LASTING_MICROS)));
        Compiling.run(callers, compileMillis, () -> {
            Child child = pause.start();
            child.kill();
            child.waitFor();
            child.close();
            for (int i = 0; i < TINIES; i++) {
                tiny.spawnAndWait();
            }
            if (lifeMicros > 0) {
                lasting.spawnAndWait();
            }
        });
    }

    /** From the request until the caller has the child. */
    @Benchmark
    public void start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Child child = tiny.start();
        Figures.latency(System.nanoTime() - begin);
        child.waitFor();
        child.close();
    }

    /** From the child's end until the thread that waits for it goes on. */
    @Benchmark
    public void exitToWaiter() throws IOException, InterruptedException {
        if (contender.group() == Contender.Group.C) {
            Figures.latency(CLibrary.instance().exitLatencyNanos(stampCommand));
            return;
        }
        Child child = stamp.start();
        child.waitFor();
        Figures.latency(System.nanoTime() - stampOf(child));
        child.close();
    }

    /** From the child's end until a function that was registered beforehand runs. */
    @Benchmark
    public void exitToCallback() throws IOException, InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        AtomicLong now = new AtomicLong();
        Child child = stamp.start();
        child.onExit(() -> {
            now.set(System.nanoTime());
            called.countDown();
        });
        called.await();
        child.waitFor();
        Figures.latency(now.get() - stampOf(child));
        child.close();
    }

    /** From the wish to kill the child until the thread that wished it knows the status. */
    @Benchmark
    public void killToGone() throws IOException, InterruptedException {
        Child child = pause.start();
        long begin = System.nanoTime();
        child.kill();
        child.waitFor();
        Figures.latency(System.nanoTime() - begin);
        child.close();
    }

    private static long stampOf(Child child) throws IOException {
        byte[] bytes = child.output().readNBytes(Long.BYTES);
        if (bytes.length != Long.BYTES) {
            throw new IllegalStateException("the child wrote " + bytes.length + " bytes in place of its stamp");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }
}
