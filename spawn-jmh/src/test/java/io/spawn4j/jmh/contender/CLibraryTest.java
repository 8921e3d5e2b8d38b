// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.contender.CLibrary.How;
import io.spawn4j.jmh.contender.CLibrary.Usage;
import io.spawn4j.jmh.contender.Contender.Group;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CLibraryTest {
    private static final int SIGUSR1 = 10;
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_SETMASK = 2;
    private static final String NO_SIGNALS = "0000000000000000";
    private static final Command TINY = Command.of(Program.TINY, Streams.PIPES);

    private final CLibrary library = CLibrary.instance();

    /** How this JVM comes to ignore and to block a signal. */
    public interface LibC {
        long signal(int number, long handler);

        int pthread_sigmask(int how, @In long[] set, @Out long[] before);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void failedExecIsReportedAndLeavesNothing(Contender contender) {
        library.spawnLoopNanos(TINY, 1, How.POSIX_SPAWN);
        Command missing = new Command(List.of("/no/such/program"), Streams.PIPES, Map.of());
        Command directory = new Command(List.of("/"), Streams.NULL, Map.of());
        int descriptors = OwnProcess.openDescriptors();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> contender.prepare(missing).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the C library's ")
                    .hasMessageEndingWith(" failed: errno 2");
            assertThatThrownBy(() -> contender.prepare(directory).spawnAndWait())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith(" failed: errno 13");
        }

        OwnProcess.awaitNothingLeft(descriptors);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void childStartsWithCleanSignalsWhateverTheThreadIgnoresAndBlocks(Contender contender) throws Exception {
        LibC libc = LibraryLoader.create(LibC.class).load("c");
        long[] set = new long[16];
        set[0] = 1L << (SIGUSR1 - 1);
        long[] before = new long[16];
        String own;
        String status;
        assertThat(libc.pthread_sigmask(SIG_BLOCK, set, before)).isZero();
        libc.signal(SIGUSR1, SIG_IGN);
        try {
            own = Files.readString(Path.of("/proc/thread-self/status"));
            Child child = contender
                    .prepare(new Command(List.of("/bin/cat", "/proc/self/status"), Streams.PIPES, Map.of()))
                    .start();
            status = new String(child.output().readAllBytes());
            assertThat(child.waitFor()).isZero();
            child.close();
        } finally {
            libc.signal(SIGUSR1, SIG_DFL);
            libc.pthread_sigmask(SIG_SETMASK, before, new long[16]);
        }

        assertThat(new ProcStatus(own).value("SigIgn")).isNotEqualTo(NO_SIGNALS);
        assertThat(new ProcStatus(own).value("SigBlk")).isNotEqualTo(NO_SIGNALS);
        assertThat(new ProcStatus(status).value("SigBlk")).isEqualTo(NO_SIGNALS);
        assertThat(new ProcStatus(status).value("SigIgn")).isEqualTo(NO_SIGNALS);
        assertThat(new ProcStatus(status).value("SigCgt")).isEqualTo(NO_SIGNALS);
    }

    @Test
    void manyThreadsSpawnInEveryWayAndTheJvmKeepsItsSignals() throws Exception {
        List<Contender> ways = Group.C.contenders();
        library.spawnLoopNanos(TINY, 1, How.POSIX_SPAWN);
        int threads = 16;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        String before = dispositions("/proc/self/status");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        List<Future<Integer>> counts = new ArrayList<>();
        try {
            for (int thread = 0; thread < threads; thread++) {
                Contender contender = ways.get(thread % ways.size());
                counts.add(executor.submit(storm(contender, deadline)));
            }
            while (System.nanoTime() < deadline) {
                System.gc();
            }
            for (Future<Integer> count : counts) {
                assertThat(count.get(1, TimeUnit.MINUTES)).isPositive();
            }
        } finally {
            executor.shutdown();
        }

        assertThat(dispositions("/proc/self/status")).isEqualTo(before);
        assertThat(OwnProcess.zombies()).isEmpty();
    }

    private static Callable<Integer> storm(Contender contender, long deadline) {
        return () -> {
            Prepared pipes = contender.prepare(TINY);
            Prepared none = contender.prepare(Command.of(Program.TINY, Streams.NULL));
            String mask = new ProcStatus(Files.readString(Path.of("/proc/thread-self/status"))).value("SigBlk");
            int count = 0;
            do {
                pipes.spawnAndWait();
                none.spawnAndWait();
                // The JVM finds most nulls by its handler of SIGSEGV.
                assertThatThrownBy(() -> length(null)).isInstanceOf(NullPointerException.class);
                count++;
            } while (System.nanoTime() < deadline);
            assertThat(new ProcStatus(Files.readString(Path.of("/proc/thread-self/status"))).value("SigBlk"))
                    .isEqualTo(mask);
            return count;
        };
    }

    private static int length(String text) {
        return text.length();
    }

    private static String dispositions(String file) throws Exception {
        String status = Files.readString(Path.of(file));
        return new ProcStatus(status).value("SigIgn") + " " + new ProcStatus(status).value("SigCgt");
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void loopTakesTimeAndLeavesNothing(How how) {
        library.spawnLoopNanos(TINY, 1, how);
        int descriptors = OwnProcess.openDescriptors();

        assertThat(library.spawnLoopNanos(TINY, 10, how)).isPositive();
        assertThat(library.spawnLoopNanos(Command.of(Program.SH, Streams.NULL), 10, how))
                .isPositive();

        OwnProcess.awaitNothingLeft(descriptors);
    }

    @Test
    void exitLatencyIsPositiveAndShort() {
        Command stamp = Command.of(Program.STAMP, Streams.PIPES).withArguments(List.of("1000"));
        library.exitLatencyNanos(stamp);
        int descriptors = OwnProcess.openDescriptors();

        for (int i = 0; i < 10; i++) {
            assertThat(library.exitLatencyNanos(stamp)).isBetween(1L, TimeUnit.SECONDS.toNanos(1));
        }

        OwnProcess.awaitNothingLeft(descriptors);
    }

    @Test
    void exitLatencyWithoutAStampFails() {
        int protocolError = 71;

        assertThatThrownBy(() -> library.exitLatencyNanos(TINY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(" failed: errno " + protocolError);
    }

    @Test
    void reapedChildrenCount() {
        Usage before = library.childrenUsage();

        library.spawnLoopNanos(Command.of(Program.TRUE, Streams.PIPES), 20, How.POSIX_SPAWN);

        assertThat(library.childrenUsage().since(before).cpuNanos()).isPositive();
        assertThat(library.ownUsage().cpuNanos()).isPositive();
    }

    @Test
    void waitingThreadSwitchesVoluntarily() {
        Usage before = library.ownUsage();

        library.exitLatencyNanos(Command.of(Program.STAMP, Streams.PIPES).withArguments(List.of("1000")));

        assertThat(library.ownUsage().since(before).voluntarySwitches()).isPositive();
        assertThat(library.ownUsage().since(before).involuntarySwitches()).isNotNegative();
    }

    @Test
    void descriptorsAreOpenedAndClosed() {
        int before = OwnProcess.openDescriptors();

        int[] fds = library.openDescriptors(500);
        int between = OwnProcess.openDescriptors();
        library.closeDescriptors(fds);

        assertThat(fds).doesNotHaveDuplicates();
        assertThat(between).isGreaterThanOrEqualTo(before + 480);
        assertThat(OwnProcess.openDescriptors()).isLessThan(between - 480);
    }

    @Test
    void failureCarriesItsErrno() {
        int noFile = 24;

        assertThatThrownBy(() -> library.openDescriptors(10_000_000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the C library's open of /dev/null failed: errno " + noFile);
    }

    static Stream<Contender> everyWay() {
        return Group.C.contenders().stream();
    }
}
