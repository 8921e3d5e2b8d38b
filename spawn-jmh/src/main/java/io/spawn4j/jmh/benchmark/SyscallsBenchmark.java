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
 * System calls of a spawn and wait: those of the JVM, with all its threads, and those of the child. Needs strace(1).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class SyscallsBenchmark {
    /** Who starts it. */
    @Param("C_POSIX_SPAWN")
    public Contender contender = Contender.C_POSIX_SPAWN;

    /** Spawns that are counted. */
    @Param("1000")
    public int spawns;

    /** Spawns before that, or as many as {@value #WARM_UP_SECONDS} s allow: compiling makes system calls, too. */
    @Param("20000")
    public int warmUp;

    private static final int WARM_UP_SECONDS = 15;

    private Prepared prepared = Prepared.NONE;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() throws IOException, InterruptedException {
        contender.requireThisJvm();
        prepared = contender.prepare(Command.of(Program.TINY, Streams.PIPES));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
        for (int i = 0; i < warmUp && System.nanoTime() < end; i++) {
            prepared.spawnAndWait();
        }
    }

    /** Counts. */
    @Benchmark
    public void count() throws IOException, InterruptedException {
        SyscallCounter counter = SyscallCounter.attach();
        for (int i = 0; i < spawns; i++) {
            prepared.spawnAndWait();
        }
        double sum = 0;
        for (SyscallCounter.Row row : counter.detach()) {
            double times = (double) row.calls() / spawns;
            sum += times;
            Figures.syscalls(row.name(), times);
        }
        Figures.put(Figure.SYSCALLS, sum);
    }
}
