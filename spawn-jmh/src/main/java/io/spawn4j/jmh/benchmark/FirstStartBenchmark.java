// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The first child of a JVM: with all that a library loads and sets up for it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class FirstStartBenchmark {
    /** Who starts it. */
    @Param("PROCESS_BUILDER")
    public Contender contender = Contender.PROCESS_BUILDER;

    /** From the request until the child is reaped and its streams are closed. */
    @Benchmark
    public void first() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        contender.prepare(Command.of(Program.TINY, Streams.PIPES)).spawnAndWait();
        Figures.put(Figure.FIRST_MILLIS, (System.nanoTime() - begin) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        // Only now: the question would have the library set up.
        contender.requireThisJvm();
    }
}
