// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The native engine where the kernel, or a filter, lacks what it would like best: all works, and a warning says what is
 * missing.
 */
@RequiresNativeEngine
@Requires(Ability.FIRST_JDK)
@Tag(NestedSuite.MAIN_ONLY) // it brings its own modes
class DegradedHostTest {
    private static final String NO_TABLE = "spawner thread shares this process's descriptor table";
    private static final String NO_PIDFDS = "no pidfds here";

    @Test
    void bestHostHasNothingToWarnOf() {
        String output = probe(List.of(), "");
        if (output.contains("Seccomp 0")) {
            assertThat(output)
                    .contains("clone3 with CLONE_CLEAR_SIGHAND=true")
                    .contains("private descriptor table=true", "pidfds=true", "waiters=0")
                    .doesNotContain("WARN");
        }
    }

    @Test
    @DisplayName("F27: the clone path")
    void clonePathServesWhenAsked() {
        String output = probe(List.of(), "clone");
        assertThat(output).contains("clone3 with CLONE_CLEAR_SIGHAND=false").doesNotContain("clone3: E");
    }

    @Test
    @DisplayName("F27: clone3 answers ENOSYS, as container profiles have it")
    void withoutClone3CloneServes() {
        String output = probe(List.of("--fail", "clone3=ENOSYS"), "");
        assertThat(output).contains("clone3 with CLONE_CLEAR_SIGHAND=false").doesNotContain("falls back");
    }

    @Test
    void withoutPidfdSignalsEachChildHasAWaiter() {
        waiters(probe(List.of("--fail", "pidfd_send_signal=ENOSYS"), ""));
    }

    @Test
    void withoutWaitingOnPidfdsEachChildHasAWaiter() {
        waiters(probe(List.of("--fail", "waitid@0=3=EINVAL"), ""));
    }

    @Test
    void withoutPidfdsFromCloneEachChildHasAWaiter() {
        String output = probe(List.of("--fail", "clone3=ENOSYS", "--fail", "clone@0&0x1000=0x1000=EINVAL"), "");
        waiters(output);
        assertThat(output).contains("clone3 with CLONE_CLEAR_SIGHAND=false");
    }

    @Test
    void unshareServesWithoutCloseRange() {
        String output = probe(List.of("--fail", "close_range=ENOSYS"), "");
        assertThat(output).contains("private descriptor table=true").doesNotContain(NO_TABLE, "falls back");
    }

    @Test
    void sharedTableIsWarnedOfAndLeaksNothing() {
        String output = probe(List.of("--fail", "close_range=EPERM", "--fail", "unshare=EPERM"), "");
        assertThat(output)
                .contains("private descriptor table=false")
                .containsPattern("WARN .*" + NO_TABLE + " \\(close_range: .*EPERM.*; unshare: .*EPERM");
        assertThat(output.lines().filter(line -> line.contains(NO_TABLE))).hasSize(1);
    }

    @Test
    void nothingOfItAtOnce() {
        String output = probe(
                List.of(
                        "--fail", "close_range=EPERM",
                        "--fail", "unshare=EPERM",
                        "--fail", "clone3=ENOSYS",
                        "--fail", "pidfd_send_signal=EPERM",
                        "--fail", "pidfd_open=EPERM"),
                "");
        waiters(output);
        assertThat(output)
                .contains("clone3 with CLONE_CLEAR_SIGHAND=false", "private descriptor table=false")
                .contains(NO_TABLE);
    }

    @Test
    void filterThatKillsForClone3SparesTheJvm() {
        // The probe's own, empty arguments: glibc could not start a thread if every clone3 were deadly.
        String output = probe(List.of("--kill", "clone3@1=0"), "");
        assertThat(output).contains("clone3 with CLONE_CLEAR_SIGHAND=false");
    }

    @Test
    @DisplayName("F49: the fork that tries what a filter allows fails, and the older calls serve")
    void probingForkThatFailsLeavesTheOlderCalls() {
        for (String errno : List.of("ENOMEM", "EAGAIN")) {
            String output = probe(List.of("--fail", "clone@0=17=" + errno), "");
            waiters(output);
            assertThat(output)
                    .contains("clone3 with CLONE_CLEAR_SIGHAND=false")
                    .containsPattern("WARN .*cannot be tried in a process of its own \\(" + errno)
                    .doesNotContain("falls back");
        }
    }

    @Test
    void filterThatKillsForPidfdsSparesTheJvm() {
        waiters(probe(List.of("--kill", "pidfd_send_signal"), ""));
    }

    @Test
    void filterThatKillsForCloseRangeSparesTheJvm() {
        assertThat(probe(List.of("--kill", "close_range"), ""))
                .contains("private descriptor table=true")
                .doesNotContain(NO_TABLE, "falls back");
    }

    @Test
    void filterThatKillsForAllOfItSparesTheJvm() {
        String output = probe(
                List.of(
                        "--kill", "close_range",
                        "--kill", "unshare",
                        "--kill", "pidfd_send_signal",
                        "--kill", "clone3@1=0"),
                "");
        waiters(output);
        assertThat(output)
                .contains("clone3 with CLONE_CLEAR_SIGHAND=false", "private descriptor table=false")
                .contains(NO_TABLE);
    }

    private static void waiters(String output) {
        assertThat(output).contains("pidfds=false", "waiters=3").containsPattern("WARN .*" + NO_PIDFDS);
        assertThat(output.lines().filter(line -> line.contains(NO_PIDFDS))).hasSize(1);
    }

    /** What every host must do; returns all that the JVM said. */
    private static String probe(List<String> filter, String clone) {
        List<String> launcher = new ArrayList<>();
        if (!filter.isEmpty()) {
            launcher.addAll(TestTools.command("seccomp-run"));
            launcher.addAll(filter);
            launcher.add("--");
        }
        String output = NestedJvm.of(HostProbe.class)
                .through(launcher)
                .property("io.spawn4j.native.clone", clone)
                .run()
                .orThrow();
        assertThat(output)
                .contains("engine native\n")
                .contains("exit 7\n", "killed Signaled[signal=SIGKILL, coreDumped=false]\n", "echo through cat\n")
                .contains("missing exec ENOENT\n", "directory /\n", "parent death 15\n", "stray 0\n")
                .contains("blocked 0 ignored 0\n", "left over []\n");
        return output;
    }
}
