// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static io.spawn4j.jmh.benchmark.FiguresTest.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Streams;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Mode;

/**
 * The benchmarks as plain objects. Those contenders that every JVM runs: the others need one of their own, which
 * ReportTest starts.
 */
class BenchmarksTest {
    private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;
    private static final int TIMES = 5;

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_BUILDER", "C_POSIX_SPAWN", "NUPROCESS"})
    void spawnsBesideDescriptorsAndChildrenLeaveNothing(Contender contender) throws Exception {
        for (boolean closeOnExec : new boolean[] {false, true}) {
            SpawnBenchmark benchmark = new SpawnBenchmark();
            benchmark.contender = contender;
            benchmark.children = 3;
            benchmark.descriptors = 100;
            benchmark.closeOnExec = closeOnExec;
            benchmark.argumentBytes = 10_000;
            benchmark.compileMillis = 1;
            Account before = Account.now();
            benchmark.setUp(2);
            Account during = Account.now();

            Map<String, Double> figures = Iteration.figures(Mode.Throughput, TIMES, () -> {
                for (int i = 0; i < TIMES; i++) {
                    benchmark.spawnAndWait();
                }
                benchmark.tearDown();
            });

            assertThat(figures).containsOnlyKeys(keys(Figure.CPU, Figure.SWITCHES));
            assertThat(during.descriptors()).isGreaterThanOrEqualTo(before.descriptors() + 100);
            assertThat(during.children()).isEqualTo(before.children() + 3);
            Account after = Account.now();
            assertThat(after.children()).isEqualTo(before.children());
            assertThat(after.descriptors()).isLessThan(before.descriptors() + 50);
        }
    }

    @Test
    void variableIsAddedAndCannotBeInC() throws Exception {
        SpawnBenchmark benchmark = new SpawnBenchmark();
        benchmark.changedEnvironment = true;
        benchmark.streams = Streams.NULL;

        assertThatThrownBy(() -> benchmark.setUp(1)).isInstanceOf(IllegalArgumentException.class);
        benchmark.contender = Contender.PROCESS_BUILDER;
        benchmark.setUp(2);
        benchmark.spawnAndWait();
        benchmark.tearDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_BUILDER", "C_POSIX_SPAWN"})
    void latenciesAreOrderedAndPositive(Contender contender) throws Exception {
        LatencyBenchmark benchmark = latency(contender);

        for (Iteration.Body step :
                List.<Iteration.Body>of(benchmark::start, benchmark::exitToWaiter, benchmark::killToGone)) {
            assertLatencies(Iteration.figures(() -> repeat(step)));
        }
    }

    @Test
    void callbackComesAfterTheChildsEnd() throws Exception {
        LatencyBenchmark benchmark = latency(Contender.PROCESS_BUILDER);

        assertLatencies(Iteration.figures(() -> repeat(benchmark::exitToCallback)));
    }

    @Test
    void bytesFlowAtARate() throws Exception {
        BytesBenchmark benchmark = new BytesBenchmark();
        benchmark.bytes = (3 << 20) + 1;
        benchmark.buffer = 8192;
        benchmark.setUp();

        assertThroughput(Iteration.figures(benchmark::output));
        assertThroughput(Iteration.figures(benchmark::throughCat));
        assertThat(Iteration.figures(benchmark::shortOutput)).isEmpty();
    }

    @Test
    void bytesThatAreMissingFailTheBenchmark() {
        BytesBenchmark benchmark = new BytesBenchmark();
        benchmark.buffer = 8192;
        benchmark.bytes = 10;
        benchmark.setUp();
        benchmark.bytes = 11;

        assertThatThrownBy(benchmark::output)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of 11 bytes 10 arrived");
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_BUILDER", "C_POSIX_SPAWN", "NUPROCESS"})
    void liveChildrenAreCountedAndGoneAfterwards(Contender contender) throws Exception {
        FootprintBenchmark benchmark = new FootprintBenchmark();
        benchmark.contender = contender;
        benchmark.children = TIMES;
        benchmark.setUp();
        long before = Account.now().children();

        Map<String, Double> figures = Iteration.figures(benchmark::liveChildren);

        assertThat(figures)
                .containsOnlyKeys(keys(
                        Figure.HEAP_PER_CHILD,
                        Figure.RESIDENT_PER_CHILD,
                        Figure.DESCRIPTORS_PER_CHILD,
                        Figure.THREADS));
        assertThat(figures.get(Figure.DESCRIPTORS_PER_CHILD.key())).isBetween(0.0, 5.0);
        assertThat(figures.get(Figure.HEAP_PER_CHILD.key())).isBetween(-1e6, 1e6);
        assertThat(Account.now().children()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_BUILDER", "C_POSIX_SPAWN"})
    void enduranceFindsNothingThatIsKept(Contender contender) throws Exception {
        EnduranceBenchmark benchmark = new EnduranceBenchmark();
        benchmark.contender = contender;
        benchmark.spawns = 50;
        benchmark.warmUp = 10;
        benchmark.setUp();
        Account before = Account.now();

        Map<String, Double> figures = Iteration.figures(benchmark::spawns);

        assertThat(figures.get(Figure.FIRST.key())).isBetween(1.0, 1e6);
        assertThat(figures.get(Figure.LAST.key())).isBetween(1.0, 1e6);
        assertThat(figures.get(Figure.LAST_TO_FIRST.key()))
                .isEqualTo(figures.get(Figure.LAST.key()) / figures.get(Figure.FIRST.key()));
        assertThat(figures.get(Figure.LAST_TO_FIRST_C.key())).isBetween(0.01, 100.0);
        assertThat(figures.get(Figure.LAST_TO_FIRST_BESIDE_C.key()))
                .isEqualTo(figures.get(Figure.LAST_TO_FIRST.key()) / figures.get(Figure.LAST_TO_FIRST_C.key()));
        assertThat(figures.get(Figure.MORE_CHILDREN.key())).isZero();
        assertThat(figures.get(Figure.MORE_DESCRIPTORS.key())).isZero();
        assertThat(figures).containsKeys(keys(Figure.MORE_THREADS, Figure.MORE_RESIDENT));
        assertThat(Account.now().children()).isEqualTo(before.children());
    }

    @Test
    void virtualThreadsEndAndPinningIsCountedWhereThereAreAny() throws Exception {
        VirtualThreadsBenchmark benchmark = new VirtualThreadsBenchmark();
        benchmark.threads = 20;
        benchmark.childrenAtATime = TIMES;
        benchmark.setUp();

        if (Runtime.version().feature() < FIRST_JDK_WITH_VIRTUAL_THREADS) {
            assertThatThrownBy(benchmark::spawnReadAndWait)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this JDK has no virtual threads");
        } else {
            Map<String, Double> figures = Iteration.figures(benchmark::spawnReadAndWait);

            assertThat(figures).containsOnlyKeys(keys(Figure.SECONDS, Figure.PINNED));
            assertThat(figures.get(Figure.SECONDS.key())).isBetween(0.001, 60.0);
            assertThat(figures.get(Figure.PINNED.key())).isNotNegative();
        }
    }

    @Test
    void everyBenchmarkRefusesAContenderOfAnotherJvm() {
        SpawnBenchmark spawn = new SpawnBenchmark();
        spawn.contender = Contender.PROCESS_BUILDER_VFORK;
        LatencyBenchmark latency = new LatencyBenchmark();
        latency.contender = Contender.PROCESS_BUILDER_VFORK;
        BytesBenchmark bytes = new BytesBenchmark();
        bytes.contender = Contender.PROCESS_BUILDER_VFORK;
        FootprintBenchmark footprint = new FootprintBenchmark();
        footprint.contender = Contender.PROCESS_BUILDER_VFORK;
        SyscallsBenchmark syscalls = new SyscallsBenchmark();
        syscalls.contender = Contender.PROCESS_BUILDER_VFORK;
        VirtualThreadsBenchmark virtual = new VirtualThreadsBenchmark();
        virtual.contender = Contender.PROCESS_BUILDER_VFORK;
        EnduranceBenchmark endurance = new EnduranceBenchmark();
        endurance.contender = Contender.PROCESS_BUILDER_VFORK;

        for (Iteration.Body setUp : List.<Iteration.Body>of(
                () -> spawn.setUp(1),
                () -> latency.setUp(1),
                bytes::setUp,
                footprint::setUp,
                syscalls::setUp,
                virtual::setUp,
                endurance::setUp)) {
            assertThatThrownBy(setUp::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("PROCESS_BUILDER_VFORK needs a JVM with ");
        }
    }

    private static LatencyBenchmark latency(Contender contender) throws Exception {
        LatencyBenchmark benchmark = new LatencyBenchmark();
        benchmark.contender = contender;
        benchmark.lifeMicros = 1000;
        benchmark.compileMillis = 1;
        benchmark.setUp(1);
        return benchmark;
    }

    private static void repeat(Iteration.Body step) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            step.run();
        }
    }

    private static void assertLatencies(Map<String, Double> figures) {
        List<Double> ordered = Stream.of(Figure.P50, Figure.P90, Figure.P99, Figure.P999, Figure.MAX)
                .map(figure -> figures.get(figure.key()))
                .toList();
        assertThat(ordered).isSorted();
        assertThat(ordered.get(0)).isPositive();
        assertThat(ordered.get(4)).isLessThan(10e6);
    }

    private static void assertThroughput(Map<String, Double> figures) {
        assertThat(figures).containsOnlyKeys(Figure.THROUGHPUT.key());
        assertThat(figures.get(Figure.THROUGHPUT.key())).isBetween(0.1, 100_000.0);
    }
}
