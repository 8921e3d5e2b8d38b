// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Child;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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

/** Bytes through a child's pipes. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.SECONDS)
public class BytesBenchmark {
    private static final double MIB = 1 << 20;

    /** Who starts it. */
    @Param("PROCESS_BUILDER")
    public Contender contender = Contender.PROCESS_BUILDER;

    /** How many bytes. */
    @Param("1073741824")
    public long bytes;

    /** How many are read or written in one call. */
    @Param("65536")
    public int buffer;

    private Prepared zeros = Prepared.NONE;
    private Prepared cat = Prepared.NONE;
    private Prepared shortOutput = Prepared.NONE;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() {
        contender.requireThisJvm();
        zeros = contender.prepare(
                Command.of(Program.ZEROS, Streams.PIPES).withArguments(List.of(Long.toString(bytes))));
        cat = contender.prepare(new Command(List.of("/bin/cat"), Streams.PIPES, Map.of()));
        shortOutput = contender.prepare(Command.of(Program.STAMP, Streams.PIPES).withArguments(List.of("0")));
    }

    /** All that a child writes. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    public void output() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Child child = zeros.start();
        require(read(child.output()), begin);
        end(child);
    }

    /** Through {@code cat}: one thread writes, another reads. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    public void throughCat() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Child child = cat.start();
        FutureTask<Void> writer = new FutureTask<>(() -> {
            write(child.input());
            return null;
        });
        Thread thread = new Thread(writer, "writer");
        thread.start();
        long read = read(child.output());
        try {
            writer.get();
        } catch (ExecutionException e) {
            throw new IOException("the writer failed", e.getCause());
        }
        thread.join();
        require(read, begin);
        end(child);
    }

    /** Eight bytes and the end, of one child after the other. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    public void shortOutput() throws IOException, InterruptedException {
        Child child = shortOutput.start();
        int length = child.output().readAllBytes().length;
        if (length != Long.BYTES) {
            throw new IllegalStateException("the child wrote " + length + " bytes");
        }
        end(child);
    }

    private long read(InputStream in) throws IOException {
        byte[] chunk = new byte[buffer];
        long sum = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            sum += read;
        }
        return sum;
    }

    private void write(OutputStream out) throws IOException {
        byte[] chunk = new byte[buffer];
        try (out) {
            for (long left = bytes; left > 0; left -= chunk.length) {
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
    }

    private void require(long read, long begin) {
        if (read != bytes) {
            throw new IllegalStateException("of " + bytes + " bytes " + read + " arrived");
        }
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        Figures.put(Figure.THROUGHPUT, bytes / MIB / seconds);
    }

    private void end(Child child) throws IOException, InterruptedException {
        int code = child.waitFor();
        if (code != 0) {
            throw new IllegalStateException(contender + ": the child ended with " + code);
        }
        child.close();
    }
}
