// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceUsage;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Freeze;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a child ended, and what it used. */
class ExitStatusTest {
    /** A thread that retries every 100 ms, after quicker ones, stays far below; one that spins far above. */
    private static final long FEW_WAKES = 60;

    @Test
    @DisplayName("F25: a signal's death and an exit code are different things")
    void deathBySignalIsNoExitCode() throws Exception {
        ChildProcess exited = new SpawnBuilder("sh", "-c", "exit 143").start();
        ChildProcess killed = new SpawnBuilder("sh", "-c", "kill -TERM $$").start();
        assertThat(exited.exitStatus()).isEqualTo(new ExitStatus.Exited(143));
        assertThat(killed.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGTERM, false));
        assertThat(killed.onExitStatus().get(60, TimeUnit.SECONDS)).isEqualTo(killed.exitStatus());
        // All that ProcessBuilder can say.
        assertThat(new ProcessBuilder("sh", "-c", "exit 143").start().waitFor())
                .isEqualTo(
                        new ProcessBuilder("sh", "-c", "kill -TERM $$").start().waitFor())
                .isEqualTo(exited.waitFor())
                .isEqualTo(killed.waitFor());
    }

    @Test
    void coreDumpIsTold(@TempDir Path directory) throws Exception {
        String crash = "ulimit -c unlimited 2>/dev/null; exec sh -c 'kill -ABRT $$'";
        ChildProcess shell = new SpawnBuilder("bash", "-c", "(" + crash + "); true")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        boolean dumped = Recipe.text(shell.getInputStream()).contains("core dumped");
        ChildProcess child = new SpawnBuilder("sh", "-c", crash)
                .directory(directory.toFile())
                .start();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGABRT, dumped));
    }

    @Test
    void resourceUsageIsTheKernelsAccount() throws Exception {
        String script = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 0.05; times";
        ChildProcess child = new SpawnBuilder("sh", "-c", script).start();
        assertThat(child.resourceUsage()).isEmpty();
        // The shell's own user and system time, then its children's.
        Matcher times = Pattern.compile(
                        "(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s+(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*")
                .matcher(Recipe.text(child.getInputStream()));
        assertThat(times.matches()).isTrue();
        child.waitFor();
        ResourceUsage usage = child.resourceUsage().orElseThrow();
        double user = seconds(times, 1) + seconds(times, 5);
        double system = seconds(times, 3) + seconds(times, 7);
        assertThat(usage.userTime()).isPositive().isBetween(about(user, -0.1), about(user, 0.3));
        assertThat(usage.systemTime()).isBetween(about(system, -0.1), about(system, 0.3));
        // Until its exec the child counted the memory that it shared with this JVM.
        assertThat(usage.maxResidentSetBytes()).isBetween(100_000L, Math.max(50_000_000, peakOfThisJvm()));
        assertThat(usage.minorFaults()).isPositive();
        assertThat(usage.voluntarySwitches()).isPositive();
    }

    @Test
    void zombieLeaderIsAliveUntilItsLastThreadIsGone() throws Exception {
        ChildProcess child = new SpawnBuilder(TestTools.command("zombieleader")).start();
        assertThat(child.inputReader(StandardCharsets.US_ASCII).readLine()).isEqualTo("zombie " + child.pid());
        assertThat(ProcFs.state(child.pid())).contains('Z');
        assertThat(child.isAlive()).isTrue();
        long before = wakes();
        assertThat(child.waitFor(1, TimeUnit.SECONDS)).isFalse();
        assertThat(wakes() - before).isLessThan(FEW_WAKES);
        assertThat(child.isAlive()).isTrue();
        child.signal(Signal.SIGTERM);
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(7));
        child.destroy();
    }

    @Test
    void deathOfATracedChildIsAwaitedWithoutSpinning() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "60").start();
        try (Freeze tracer = Freeze.thread(child.pid())) {
            assertThat(tracer.pid()).isPositive();
            child.signal(Signal.SIGKILL);
            await().until(() -> ProcFs.state(child.pid()).equals(Optional.of('Z')));
            long before = wakes();
            assertThat(child.waitFor(1, TimeUnit.SECONDS)).isFalse();
            assertThat(wakes() - before).isLessThan(FEW_WAKES);
            assertThat(child.isAlive()).isTrue();
        }
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
        child.destroy();
    }

    @Test
    void signalsArriveAndAreNothingAfterTheEnd() throws Exception {
        ChildProcess child =
                new SpawnBuilder("sh", "-c", "trap 'echo got' USR1; echo ready; read x; read x; exit 4").start();
        var lines = child.inputReader(StandardCharsets.US_ASCII);
        assertThat(lines.readLine()).isEqualTo("ready");
        child.signal(Signal.SIGUSR1);
        assertThat(lines.readLine()).isEqualTo("got");
        child.getOutputStream().close();
        assertThat(child.waitFor()).isEqualTo(4);
        for (Signal signal : List.of(Signal.SIGKILL, Signal.SIGTERM, Signal.SIGRTMAX)) {
            child.signal(signal);
        }
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(4));
    }

    private static double seconds(Matcher times, int group) {
        return 60 * Integer.parseInt(times.group(group)) + Double.parseDouble(times.group(group + 1));
    }

    private static Duration about(double seconds, double more) {
        return Duration.ofNanos(Math.max(0, Math.round((seconds + more) * 1e9)));
    }

    private static long peakOfThisJvm() {
        String kibibytes = ProcFs.status(ProcFs.self(), "VmHWM").orElseThrow();
        return 1024 * Long.parseLong(kibibytes.replaceAll("\\D", ""));
    }

    /** How often the library's threads woke up or were pushed aside. */
    private static long wakes() throws Exception {
        long sum = 0;
        for (var thread : ProcFs.threads().entrySet()) {
            if (thread.getValue().startsWith("spawn4j-")) {
                Path status = Path.of("/proc/self/task/" + thread.getKey() + "/status");
                for (String line : Files.readAllLines(status)) {
                    if (line.contains("ctxt_switches")) {
                        sum += Long.parseLong(line.replaceAll("\\D", ""));
                    }
                }
            }
        }
        return sum;
    }
}
