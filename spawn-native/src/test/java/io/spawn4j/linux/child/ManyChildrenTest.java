// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Heap;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NofileLimit;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.SpawnerThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Thousands of children that are alive at the same time. */
class ManyChildrenTest {
    private static final int DESCRIPTORS_PER_CHILD = 4;
    private static final int OTHER_DESCRIPTORS = 400;
    private static final int FEW_THREADS = 3;
    private static final long HEAP_PER_CHILD = 4096;
    /** What the test itself and classes loaded meanwhile take. */
    private static final long HEAP_OF_OTHERS = 256 * 1024;

    @Test
    @DisplayName("F3: no thread and little memory per child")
    void childrenCostNoThreads() throws Exception {
        new SpawnBuilder("true").start().waitFor();
        LeakCheck leaks = LeakCheck.begin();
        int wanted = Scale.of(2000);
        int room = NofileLimit.room(wanted * DESCRIPTORS_PER_CHILD + OTHER_DESCRIPTORS) - OTHER_DESCRIPTORS;
        int count = Math.min(wanted, room / DESCRIPTORS_PER_CHILD);
        List<ChildProcess> children = new ArrayList<>(count);
        long heap = Heap.used();
        int threads = ProcFs.threads().size();
        // More than a few only where another test has brought up a second engine.
        long few = Math.max(FEW_THREADS, libraryThreads());
        try {
            for (int i = 0; i < count; i++) {
                children.add(new SpawnBuilder("sleep", "300").start());
            }
            long perChild = Math.max(0, Heap.used() - heap - HEAP_OF_OTHERS) / count;
            long ours = libraryThreads();
            System.out.printf(
                    "F3: %d live children: %d threads of the library, %d of the JVM (%d before), %d bytes of heap each%n",
                    count, ours, ProcFs.threads().size(), threads, perChild);
            assertThat(perChild).isLessThan(HEAP_PER_CHILD);
            if (SpawnerThread.hasPidfds()) {
                assertThat(ours).isLessThanOrEqualTo(few);
            }
            assertThat(children).allMatch(ChildProcess::isAlive);
        } finally {
            children.forEach(ChildProcess::destroyForcibly);
        }
        for (ChildProcess child : children) {
            assertThat(child.waitFor()).isEqualTo(137);
        }
        leaks.assertClean();
    }

    private static long libraryThreads() {
        return ProcFs.threads().values().stream()
                .filter(name -> name.startsWith("spawn4j-"))
                .count();
    }

    @Test
    @DisplayName("F3: ProcessBuilder has a thread per child")
    void childrenOfProcessBuilderCostAThreadEach() throws Exception {
        List<Process> children = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                children.add(new ProcessBuilder("sleep", "300").start());
            }
            // Some may be an earlier child's, idle until then; a new one gets its name a moment after its start.
            await().until(() -> reapers() >= 40);
        } finally {
            children.forEach(Process::destroyForcibly);
        }
        for (Process child : children) {
            child.waitFor();
        }
    }

    private static int reapers() {
        return (int) ProcFs.threads().values().stream()
                .filter(name -> name.startsWith("process reaper"))
                .count();
    }
}
