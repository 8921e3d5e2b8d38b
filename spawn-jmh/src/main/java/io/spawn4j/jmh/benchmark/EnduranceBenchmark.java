// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Very many children of one JVM, one after the other: is it as fast in the end, and what has it kept?
 *
 * <p>Minutes lie between the first and the last, and the machine's own speed changes meanwhile. So the C loop starts a
 * tenth as many, a hundred after each thousand, and tells what the machine did.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class EnduranceBenchmark {
    private static final int PARTS = 10;
    private static final int BLOCK = 1000;
    private static final int BLOCKS_TO_C = 10;

    /** Who starts them. */
    @Param("SPAWN4J_CLONE3")
    public Contender contender = Contender.SPAWN4J_CLONE3;

    /** How many in all. */
    @Param("1000000")
    public int spawns;

    /** How many before them, uncounted: until the JVM has compiled what it will. */
    @Param("50000")
    public int warmUp;

    private Prepared prepared = Prepared.NONE;
    private Prepared yardstick = Prepared.NONE;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() {
        contender.requireThisJvm();
        prepared = contender.prepare(Command.of(Program.TINY, Streams.PIPES));
        yardstick = Contender.C_POSIX_SPAWN.prepare(Command.of(Program.TINY, Streams.PIPES));
    }

    /** All of them. */
    @Benchmark
    public void spawns() throws IOException, InterruptedException {
        rates(warmUp);
        int part = spawns / PARTS;
        Rates first = rates(part);
        System.gc();
        Account before = Account.now();
        for (int i = 2; i < PARTS; i++) {
            rates(part);
        }
        Rates last = rates(part);
        System.gc();
        Account after = Account.now();
        double lastToFirst = last.contender / first.contender;
        double machine = last.yardstick / first.yardstick;
        Figures.put(Figure.FIRST, first.contender);
        Figures.put(Figure.LAST, last.contender);
        Figures.put(Figure.LAST_TO_FIRST, lastToFirst);
        Figures.put(Figure.LAST_TO_FIRST_C, machine);
        Figures.put(Figure.LAST_TO_FIRST_BESIDE_C, lastToFirst / machine);
        Figures.put(Figure.MORE_DESCRIPTORS, (double) (after.descriptors() - before.descriptors()));
        Figures.put(Figure.MORE_THREADS, (double) (after.threads() - before.threads()));
        Figures.put(Figure.MORE_CHILDREN, (double) (after.children() - before.children()));
        Figures.put(Figure.MORE_RESIDENT, (double) (after.residentKib() - before.residentKib()));
    }

    private record Rates(double contender, double yardstick) {}

    private Rates rates(int count) throws IOException, InterruptedException {
        long nanos = 0;
        long yardstickNanos = 0;
        int yardstickCount = 0;
        for (int left = count; left > 0; left -= BLOCK) {
            int block = Math.min(BLOCK, left);
            int few = Math.max(1, block / BLOCKS_TO_C);
            nanos += nanos(prepared, block);
            yardstickNanos += nanos(yardstick, few);
            yardstickCount += few;
        }
        return new Rates(perSecond(count, nanos), perSecond(yardstickCount, yardstickNanos));
    }

    private static long nanos(Prepared who, int count) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            who.spawnAndWait();
        }
        return System.nanoTime() - begin;
    }

    private static double perSecond(int count, long nanos) {
        return count * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
    }
}
