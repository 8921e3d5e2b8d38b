// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What java.lang.Process says of a child's life and end, a ChildProcess says too. */
class ProcessParityTest {
    private static final int SIGQUIT = 3;
    /** Default action: none, or stop. */
    private static final List<Integer> NOT_DEADLY = List.of(17, 18, 19, 20, 21, 22, 23, 28);

    @Test
    void waitForWithTimeout() throws Exception {
        List<String> seen = Recipe.of("sleep", "60").sameOnBoth((process, notes) -> {
            notes.step("zero", () -> process.waitFor(0, TimeUnit.SECONDS));
            notes.step("negative", () -> process.waitFor(-1, TimeUnit.SECONDS));
            notes.step("most negative", () -> process.waitFor(Long.MIN_VALUE, TimeUnit.DAYS));
            notes.step("one nanosecond", () -> process.waitFor(1, TimeUnit.NANOSECONDS));
            notes.step("a bit", () -> process.waitFor(30, TimeUnit.MILLISECONDS));
            notes.step("alive", process::isAlive);
            notes.step("exit value", process::exitValue);
            process.destroyForcibly();
            notes.step("for ever", () -> process.waitFor(Long.MAX_VALUE, TimeUnit.DAYS));
            notes.step("alive after", process::isAlive);
            notes.step("exit value after", process::exitValue);
            notes.step("waitFor after", process::waitFor);
            notes.step("zero after", () -> process.waitFor(0, TimeUnit.SECONDS));
            notes.step("negative after", () -> process.waitFor(-1, TimeUnit.SECONDS));
            notes.step("null unit", () -> process.waitFor(1, null));
        });
        assertThat(seen)
                .contains(
                        "zero: false",
                        "negative: false",
                        "one nanosecond: false",
                        "alive: true",
                        "exit value: IllegalThreadStateException",
                        "for ever: true",
                        "exit value after: 137");
    }

    @Test
    void interruptEndsTheWaitAndClearsTheFlag() throws Exception {
        List<String> seen = Recipe.of("sleep", "60").sameOnBoth((process, notes) -> {
            Thread.currentThread().interrupt();
            notes.step("interrupted before", process::waitFor);
            notes.step("flag", Thread::interrupted);
            Thread.currentThread().interrupt();
            notes.step("interrupted before, with timeout", () -> process.waitFor(60, TimeUnit.SECONDS));
            notes.step("flag again", Thread::interrupted);
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread waiter = new Thread(() -> {
                try {
                    outcome.complete("exit " + process.waitFor());
                } catch (InterruptedException e) {
                    outcome.complete(
                            "interrupted, flag " + Thread.currentThread().isInterrupted());
                }
            });
            waiter.start();
            // Parked or in poll(2), not in the moment before.
            await().until(() -> waiter.getState() == Thread.State.WAITING
                    || Stream.of(waiter.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("pollUnlessWoken")));
            waiter.interrupt();
            notes.step("interrupted while waiting", () -> outcome.get(60, TimeUnit.SECONDS));
            process.destroyForcibly().waitFor();
            Thread.currentThread().interrupt();
            notes.step("interrupted after the end", process::waitFor);
            notes.step("flag after", Thread::interrupted);
        });
        assertThat(seen)
                .contains(
                        "interrupted before: InterruptedException",
                        "flag: false",
                        "interrupted while waiting: interrupted, flag false",
                        "interrupted after the end: 137");
    }

    @Test
    void exitCodesAreWhatTheProgramSaid() throws Exception {
        for (int code = 0; code <= 255; code++) {
            try (Ended ours = new Ended(new SpawnBuilder(TestTools.command("tiny", Integer.toString(code))).start())) {
                assertThat(ours.process.waitFor()).isEqualTo(code);
                assertThat(ours.process.exitStatus()).isEqualTo(new ExitStatus.Exited(code));
            }
        }
        Process theirs = new ProcessBuilder(TestTools.command("tiny", "255")).start();
        assertThat(theirs.waitFor()).isEqualTo(255);
    }

    @Test
    void deathBySignalIsExitValue128AndMore() throws Exception {
        int[] deadly = IntStream.rangeClosed(1, 64)
                .filter(number -> !NOT_DEADLY.contains(number))
                .toArray();
        Recipe sleep = Recipe.shell("ulimit -c 0; exec sleep 60");
        for (int number : deadly) {
            ChildProcess child = sleep.start();
            awaitSleep(child.pid());
            child.signal(Signal.of(number));
            assertThat(child.waitFor()).isEqualTo(128 + number);
            assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.of(number), false));
            child.destroy();
        }
        for (int number : new int[] {1, 9, 15, 34, 64}) {
            Process process = sleep.startWithProcessBuilder();
            awaitSleep(process.pid());
            TestTools.ok(TestTools.natives().kill((int) process.pid(), number));
            assertThat(process.waitFor()).isEqualTo(128 + number);
            process.destroy();
        }
    }

    @Test
    void destroyIsSigtermAndDestroyForciblySigkill() throws Exception {
        Recipe sleep = Recipe.of("sleep", "60");
        List<String> gentle = sleep.sameOnBoth((process, notes) -> {
            notes.step("normal termination", process::supportsNormalTermination);
            notes.step("handle's", () -> process.toHandle().supportsNormalTermination());
            process.destroy();
            process.destroy();
            notes.step("end", process::waitFor);
            process.destroy();
            notes.step("the same", () -> process.destroyForcibly() == process);
            notes.step("still", process::exitValue);
        });
        assertThat(gentle).contains("normal termination: true", "end: 143", "the same: true", "still: 143");
        assertThat(sleep.sameOnBoth((process, notes) -> notes.step("end", process.destroyForcibly()::waitFor)))
                .containsExactly("end: 137");
    }

    @Test
    void onExitGivesTheProcessItself() throws Exception {
        List<String> seen = Recipe.of("cat").sameOnBoth((process, notes) -> {
            CompletableFuture<Process> before = process.onExit();
            notes.step("done too early", before::isDone);
            notes.step("each caller's own", () -> before != process.onExit());
            process.onExit().complete(null);
            process.onExit().cancel(true);
            process.getOutputStream().close();
            notes.step("before", () -> before.get(60, TimeUnit.SECONDS) == process);
            notes.step("ended", process::exitValue);
            notes.step("after", () -> process.onExit().get(60, TimeUnit.SECONDS) == process);
            notes.step("handle's", () -> process.toHandle().onExit().isCancelled());
        });
        assertThat(seen).contains("done too early: false", "before: true", "ended: 0", "after: true");
    }

    @Test
    void handleIsTheJdksOwnWhileTheChildLives() throws Exception {
        List<String> seen = Recipe.of("sleep", "60").sameOnBoth((process, notes) -> {
            ProcessHandle handle = process.toHandle();
            ProcessHandle own = ProcessHandle.of(process.pid()).orElseThrow();
            notes.step("equals", () -> handle.equals(own) && own.equals(handle));
            notes.step("hash", () -> handle.hashCode() == own.hashCode());
            notes.step("compare", () -> handle.compareTo(own) + own.compareTo(handle));
            notes.step("pid", () -> handle.pid() == process.pid());
            notes.step("parent", () -> handle.parent().equals(Optional.of(ProcessHandle.current())));
            notes.step("alive", handle::isAlive);
            CompletableFuture<ProcessHandle> end = handle.onExit();
            process.destroyForcibly().waitFor();
            notes.step("end", () -> end.get(60, TimeUnit.SECONDS).equals(own));
            notes.step("alive after", handle::isAlive);
            notes.step("equals after", () -> process.toHandle().equals(own));
            notes.step("destroy after", handle::destroy);
        });
        assertThat(seen)
                .contains("equals: true", "compare: 0", "alive: true", "alive after: false", "equals after: true");
    }

    @Test
    void handleAfterTheEndKnowsItsPidAndNothingElse() throws Exception {
        List<String> seen = Recipe.of("true").sameOnBoth((process, notes) -> {
            process.waitFor();
            ProcessHandle handle = process.toHandle();
            notes.step("pid", () -> handle.pid() == process.pid());
            notes.step("alive", handle::isAlive);
            notes.step("command", () -> process.info().command());
            notes.step("start", () -> process.info().startInstant());
            notes.step(
                    "children",
                    () -> process.children().count() + process.descendants().count());
            notes.step("destroy", handle::destroyForcibly);
            notes.step("equals", () -> handle.equals(process.toHandle()));
            notes.step("end", () -> handle.onExit().get(60, TimeUnit.SECONDS).equals(handle));
        });
        assertThat(seen).contains("pid: true", "alive: false", "children: 0", "destroy: false", "end: true");
    }

    @Test
    void infoTellsCommandAndOwner() throws Exception {
        List<String> seen = Recipe.of("sleep", "61").sameOnBoth((process, notes) -> {
            awaitSleep(process.pid());
            ProcessHandle.Info info = process.info();
            notes.step("command", () -> info.command().orElseThrow());
            notes.step("arguments", () -> List.of(info.arguments().orElseThrow()));
            notes.step("user", info::user);
            notes.step("started", () -> info.startInstant().isPresent());
        });
        assertThat(seen).contains("arguments: [61]", "started: true");
    }

    @Test
    void childrenAndDescendantsAreSeen() throws Exception {
        List<String> seen = Recipe.shell("sh -c 'sleep 62 & wait' & wait").sameOnBoth((process, notes) -> {
            await().until(() -> process.descendants().count() == 2);
            notes.step("children", () -> process.children().count());
            notes.step("descendants", () -> process.descendants().count());
            process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        });
        assertThat(seen).containsExactly("children: 1", "descendants: 2");
    }

    @Test
    void startRefusesWhatProcessBuilderRefuses() {
        for (String[] command :
                new String[][] {{}, {""}, {"/nonexistent"}, {"nonexistent-program"}, {"/etc"}, {"a\0b"}}) {
            Throwable theirs = failure(() -> new ProcessBuilder(command).start());
            assertThatThrownBy(() -> new SpawnBuilder(command).start())
                    .isInstanceOf(theirs.getClass())
                    .hasMessageStartingWith(opening(theirs));
        }
    }

    private static String opening(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        // What follows is worded anew by some JDKs.
        return message.startsWith("Cannot run program") ? message.replaceFirst("(?s)(\": ).*", "$1") : "";
    }

    private static Throwable failure(Callable<?> action) {
        try {
            action.call();
        } catch (Exception e) {
            return e;
        }
        throw new AssertionError("ProcessBuilder takes it");
    }

    /** Until exec a child of ProcessBuilder is another program. */
    private static void awaitSleep(long pid) {
        await().until(() -> ProcFs.commandLine(pid).startsWith("sleep "));
    }

    private record Ended(ChildProcess process) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
