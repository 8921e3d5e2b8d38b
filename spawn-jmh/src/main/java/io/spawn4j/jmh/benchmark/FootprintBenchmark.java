// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What live children cost the JVM: heap, resident memory, descriptors, threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class FootprintBenchmark {
    private static final int COLLECTIONS = 3;
    private static final int BYTES_PER_KIB = 1024;

    /** Who starts them. */
    @Param("PROCESS_BUILDER")
    public Contender contender = Contender.PROCESS_BUILDER;

    /** How many live at once, with /dev/null for streams where the contender can do that. */
    @Param("1000")
    public int children;

    private long threadsWithoutAny;

    /** Fails early, with a sentence, where this JVM is not the contender's. */
    @Setup(Level.Trial)
    public void setUp() throws IOException {
        // The look at who runs here starts the library's own threads.
        threadsWithoutAny = Account.now().threads();
        contender.requireThisJvm();
    }

    /** Starts them, looks, and ends them. */
    @Benchmark
    public void liveChildren() throws IOException, InterruptedException {
        LiveChildren.withoutPipes(contender, Program.TINY).spawnAndWait();
        LiveChildren live = new LiveChildren();
        long heapBefore = usedHeap();
        Account before = Account.now();
        live.start(contender, children);
        long heap = usedHeap() - heapBefore;
        Account now = Account.now();
        live.end();
        Figures.put(Figure.HEAP_PER_CHILD, (double) heap / children);
        Figures.put(
                Figure.RESIDENT_PER_CHILD,
                (double) (now.residentKib() - before.residentKib()) * BYTES_PER_KIB / children);
        Figures.put(Figure.DESCRIPTORS_PER_CHILD, (double) (now.descriptors() - before.descriptors()) / children);
        Figures.put(Figure.THREADS, (double) (now.threads() - threadsWithoutAny));
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
