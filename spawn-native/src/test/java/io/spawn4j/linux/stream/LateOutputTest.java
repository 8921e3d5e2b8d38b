// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.child.Recipe;
import io.spawn4j.linux.support.Heap;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Output after the child's end, output that nobody reads, and streams that everybody has forgotten. */
class LateOutputTest {
    private static final int SIGKILL = 9;
    private static final int SIGUSR1 = 10;
    private static final int SIGTERM = 15;
    private static final List<String> FORKTREE = TestTools.command("forktree", "100");
    private static final long KEPT_PER_STREAM = 256 * 1024;

    @BeforeEach
    void threadsOfTheLibraryAreThere() throws Exception {
        new SpawnBuilder("true").start().waitFor();
    }

    @Test
    @DisplayName("F22: what a grandchild writes after the child's end is read")
    void lateOutputIsRead() throws Exception {
        ChildProcess child = new SpawnBuilder(FORKTREE).start();
        BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII);
        int grandchild = grandchild(lines.readLine());
        assertThat(child.waitFor()).isEqualTo(5);
        for (int i = 0; i < 3; i++) {
            TestTools.ok(TestTools.natives().kill(grandchild, SIGUSR1));
            assertThat(lines.readLine()).isEqualTo("late " + grandchild);
        }
        TestTools.ok(TestTools.natives().kill(grandchild, SIGTERM));
        assertThat(lines.readLine()).isNull();
    }

    @Test
    @DisplayName("F22: late output comes after what was left in the pipe at the child's end")
    void lateOutputKeepsItsPlace() throws Exception {
        Set<String> before = ProcFs.pipes();
        ChildProcess child =
                new SpawnBuilder(FORKTREE).redirectError(Redirect.DISCARD).start();
        child.onExit().get(60, TimeUnit.SECONDS);
        int grandchild = grandchildOf(child);
        TestTools.ok(TestTools.natives().kill(grandchild, SIGUSR1));
        await().until(() -> child.getInputStream().available() > ("parent " + child.pid()).length() + 20);
        TestTools.ok(TestTools.natives().kill(grandchild, SIGTERM));
        // The last writer is gone, and nobody has read.
        await().until(() -> before.containsAll(ProcFs.pipes()));
        assertThat(Recipe.text(child.getInputStream()))
                .isEqualTo("parent " + child.pid() + " grandchild " + grandchild + "\nlate " + grandchild + "\n");
    }

    @Test
    @DisplayName("F22: ProcessBuilder loses late output")
    void processBuilderLosesLateOutput() throws Exception {
        Set<String> before = ProcFs.pipes();
        Process process =
                new ProcessBuilder(FORKTREE).redirectError(Redirect.DISCARD).start();
        assertThat(process.waitFor()).isEqualTo(5);
        await().until(() -> before.containsAll(ProcFs.pipes()));
        String output = Recipe.text(process.getInputStream());
        int grandchild = grandchild(output.strip());
        TestTools.ok(TestTools.natives().kill(grandchild, SIGUSR1));
        assertThat(process.getInputStream().read()).isEqualTo(-1);
        TestTools.natives().kill(grandchild, SIGKILL);
    }

    @Test
    @DisplayName("F22: a grandchild that writes for ever holds up no exit and fills no heap")
    void endlessWriterHoldsUpNothing() throws Exception {
        int children = Math.max(4, Scale.of(40));
        Set<String> before = ProcFs.pipes();
        List<ChildProcess> ended = new ArrayList<>();
        List<Integer> writers = new ArrayList<>();
        long heap = Heap.used();
        for (int i = 0; i < children; i++) {
            ChildProcess child = new SpawnBuilder("sh", "-c", "yes & echo $! >&2; exec sleep 0.01").start();
            writers.add(Integer.parseInt(child.errorReader().readLine()));
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            ended.add(child);
        }
        assertThat(Heap.used() - heap).isLessThan(children * KEPT_PER_STREAM + (2 << 20));
        for (ChildProcess child : ended) {
            assertThat(child.getInputStream().readNBytes(1_000_000))
                    .containsSequence('y', '\n', 'y')
                    .hasSize(1_000_000);
        }
        for (int writer : writers) {
            TestTools.ok(TestTools.natives().kill(writer, SIGKILL));
        }
        await().until(() -> before.containsAll(ProcFs.pipes()));
        assertThat(ended).allMatch(child -> child.exitValue() == 0);
    }

    @Test
    void unreadStreamCostsNoDescriptorAfterTheEnd() throws Exception {
        LeakCheck leaks = LeakCheck.begin();
        List<ChildProcess> kept = new ArrayList<>();
        for (int i = 0; i < Scale.of(50); i++) {
            ChildProcess child = new SpawnBuilder("sh", "-c", "echo unread; echo too >&2").start();
            child.waitFor();
            kept.add(child);
        }
        leaks.assertClean();
        for (ChildProcess child : kept) {
            assertThat(Recipe.text(child.getInputStream())).isEqualTo("unread\n");
        }
    }

    @Test
    void unreadStreamIsClosedWhenItsLastWriterIsGone() throws Exception {
        Set<String> before = ProcFs.pipes();
        ChildProcess child = new SpawnBuilder(FORKTREE).start();
        child.onExit().get(60, TimeUnit.SECONDS);
        int grandchild = grandchildOf(child);
        assertThat(before.containsAll(ProcFs.pipes())).isFalse();
        TestTools.ok(TestTools.natives().kill(grandchild, SIGTERM));
        await().until(() -> before.containsAll(ProcFs.pipes()));
        assertThat(Recipe.text(child.getInputStream())).startsWith("parent " + child.pid());
    }

    @Test
    void forgottenChildIsReapedAndCollected() throws Exception {
        LeakCheck leaks = LeakCheck.begin();
        List<WeakReference<ChildProcess>> forgotten = new ArrayList<>();
        for (int i = 0; i < Scale.of(50); i++) {
            forgotten.add(new WeakReference<>(new SpawnBuilder("sh", "-c", "echo unread; sleep 0.01; exit 3").start()));
        }
        leaks.assertClean();
        await().until(() -> {
            System.gc();
            return forgotten.stream().allMatch(child -> child.get() == null);
        });
    }

    @Test
    void forgottenStreamOfALivingGrandchildIsClosedByTheCleaner() throws Exception {
        Set<String> before = ProcFs.pipes();
        List<Integer> grandchildren = new ArrayList<>();
        for (int i = 0; i < Scale.of(20); i++) {
            grandchildren.add(forget());
        }
        assertThat(before.containsAll(ProcFs.pipes())).isFalse();
        await().until(() -> {
            System.gc();
            return before.containsAll(ProcFs.pipes());
        });
        for (int grandchild : grandchildren) {
            assertThat(ProcFs.isRunning(grandchild)).isTrue();
            TestTools.ok(TestTools.natives().kill(grandchild, SIGKILL));
        }
    }

    private static int forget() throws Exception {
        ChildProcess child = new SpawnBuilder(FORKTREE).start();
        String line = child.inputReader(StandardCharsets.US_ASCII).readLine();
        assertThat(child.waitFor()).isEqualTo(5);
        return grandchild(line);
    }

    private static int grandchild(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }

    // The child is gone, and its output shall stay where it is.
    private static int grandchildOf(ChildProcess child) {
        String session = FORKTREE.get(0);
        return (int) ProcessHandle.allProcesses()
                .filter(process -> ProcFs.commandLine(process.pid()).startsWith(session)
                        && process.pid() > child.pid()
                        && ProcFs.isRunning(process.pid()))
                .mapToLong(ProcessHandle::pid)
                .min()
                .orElseThrow();
    }
}
