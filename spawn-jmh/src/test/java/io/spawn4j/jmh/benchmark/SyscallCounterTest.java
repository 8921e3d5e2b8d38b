// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spawn4j.jmh.contender.Trial;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SyscallCounterTest {
    private static final int CALLS = 1000;

    @Test
    void everyCallIsCountedOnce() throws Exception {
        assumeTrue(Trial.isInstalled("strace"), "strace is not installed");
        List<SyscallCounter.Row> rows;
        try (RandomAccessFile file = new RandomAccessFile("/dev/zero", "r")) {
            SyscallCounter counter = SyscallCounter.attach();
            for (int i = 0; i < CALLS; i++) {
                file.seek(i);
            }
            rows = counter.detach();
        }

        assertThat(rows)
                .extracting(SyscallCounter.Row::name)
                .doesNotHaveDuplicates()
                .doesNotContain("total", "syscall");
        Map<String, Long> calls =
                rows.stream().collect(Collectors.toMap(SyscallCounter.Row::name, SyscallCounter.Row::calls));
        // The JVM may load a class from a jar meanwhile.
        assertThat(calls.get("lseek")).isBetween((long) CALLS, CALLS + CALLS / 10L);
    }

    @Test
    void spawnsAreCountedWithTheirChildren() throws Exception {
        assumeTrue(Trial.isInstalled("strace"), "strace is not installed");
        SyscallsBenchmark benchmark = new SyscallsBenchmark();
        benchmark.spawns = 50;
        benchmark.warmUp = 10;
        benchmark.setUp();

        Map<String, Double> figures = Iteration.figures(benchmark::count);

        assertThat(figures.get(Figure.SYSCALL_PREFIX + "execve")).isBetween(1.0, 1.1);
        assertThat(figures.get(Figure.SYSCALL_PREFIX + "pipe2")).isBetween(3.0, 3.3);
        assertThat(figures.get(Figure.SYSCALLS.key()))
                .isEqualTo(
                        figures.entrySet().stream()
                                .filter(figure -> figure.getKey().startsWith(Figure.SYSCALL_PREFIX))
                                .mapToDouble(Map.Entry::getValue)
                                .sum(),
                        within(1e-6));
    }
}
