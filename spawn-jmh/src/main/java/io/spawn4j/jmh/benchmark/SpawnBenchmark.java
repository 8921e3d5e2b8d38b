// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.util.Collections;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Starting a program and waiting for it. The number of callers is JMH's {@code -t}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SpawnBenchmark {
    private static final int ARGUMENT_LENGTH = 99;

    /** Who starts it. */
    @Param("C_POSIX_SPAWN")
    public Contender contender = Contender.C_POSIX_SPAWN;

    /** What is started. */
    @Param("TINY")
    public Program program = Program.TINY;

    /** The child's standard streams. */
    @Param("PIPES")
    public Streams streams = Streams.PIPES;

    /** Bytes of arguments, as so many strings of 100 bytes. */
    @Param("0")
    public int argumentBytes;

    /** Whether one variable is added to the environment, so that none can be passed on as it is. */
    @Param("false")
    public boolean changedEnvironment;

    /** Descriptors of /dev/null that are open in the JVM meanwhile. */
    @Param("0")
    public int descriptors;

    /** Whether these are close-on-exec, as a careful native library's are; what Java opens is not. */
    @Param("false")
    public boolean closeOnExec;

    /** Children of the same contender that live meanwhile. */
    @Param("0")
    public int children;

    /** For how long the tiny program is started before anything else: the JIT compiler needs many starts. */
    @Param("0")
    public int compileMillis;

    private final OpenFiles open = new OpenFiles();
    private final LiveChildren live = new LiveChildren();
    private Prepared prepared = Prepared.NONE;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp(BenchmarkParams params) throws IOException, InterruptedException {
        setUp(params.getThreads());
    }

    void setUp(int callers) throws IOException, InterruptedException {
        contender.requireThisJvm();
        Command command = environment(Command.of(program, streams))
                .withArguments(Collections.nCopies(argumentBytes / (ARGUMENT_LENGTH + 1), "a".repeat(ARGUMENT_LENGTH)));
        Prepared tiny = contender.prepare(environment(Command.of(Program.TINY, streams)));
        Compiling.run(callers, compileMillis, tiny::spawnAndWait);
        open.open(descriptors, closeOnExec);
        live.start(contender, children);
        prepared = contender.prepare(command);
    }

    private Command environment(Command command) {
        return changedEnvironment ? command.withVariable("SPAWN4J_BENCHMARK", "1") : command;
    }

    /** One child, from the request until it is reaped and its streams are closed. */
    @Benchmark
    public void spawnAndWait() throws IOException, InterruptedException {
        prepared.spawnAndWait();
    }

    /** Ends the children that were to live. */
    @TearDown(Level.Trial)
    public void tearDown() throws IOException, InterruptedException {
        Figures.end();
        live.end();
        open.close();
    }
}
