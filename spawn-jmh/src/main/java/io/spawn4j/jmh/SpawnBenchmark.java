// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Starting a program and waiting for it. The number of callers is JMH's {@code -t}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SpawnBenchmark {
    /** Who starts it. */
    @Param
    public Contender contender = Contender.C_POSIX_SPAWN;

    /** What is started. */
    @Param
    public Program program = Program.TINY;

    /** Whether the child's standard streams are pipes; otherwise they are /dev/null. */
    @Param({"true", "false"})
    public boolean pipes;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void requireContender() {
        contender.requireThisJvm();
    }

    /** One child, from the request until it is reaped and its streams are closed. */
    @Benchmark
    public void spawnAndWait() throws IOException, InterruptedException {
        contender.spawnAndWait(program, pipes);
    }
}
