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

/** Very many children of one JVM, one after the other: is it as fast in the end, and what has it kept? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class EnduranceBenchmark {
    private static final int PARTS = 10;

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

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() {
        contender.requireThisJvm();
        prepared = contender.prepare(Command.of(Program.TINY, Streams.PIPES));
    }

    /** All of them. */
    @Benchmark
    public void spawns() throws IOException, InterruptedException {
        rate(warmUp);
        int part = spawns / PARTS;
        double first = rate(part);
        System.gc();
        Account before = Account.now();
        for (int i = 2; i < PARTS; i++) {
            rate(part);
        }
        double last = rate(part);
        System.gc();
        Account after = Account.now();
        Figures.put(Figure.FIRST, first);
        Figures.put(Figure.LAST, last);
        Figures.put(Figure.LAST_TO_FIRST, last / first);
        Figures.put(Figure.MORE_DESCRIPTORS, (double) (after.descriptors() - before.descriptors()));
        Figures.put(Figure.MORE_THREADS, (double) (after.threads() - before.threads()));
        Figures.put(Figure.MORE_CHILDREN, (double) (after.children() - before.children()));
        Figures.put(Figure.MORE_RESIDENT, (double) (after.residentKib() - before.residentKib()));
    }

    private double rate(int count) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            prepared.spawnAndWait();
        }
        return count * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }
}
