// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.TestTools;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** killTree of a child without containment, on either engine: only the child itself is known. */
public class KillTreeTest {
    private static final int SIGKILL = 9;

    @Test
    void childWithoutContainmentIsEndedAlone() throws Exception {
        assertThat(new SpawnBuilder("true").start().waitFor()).isZero();
        MarkedTree tree = MarkedTree.fresh();
        LeakCheck leaks = LeakCheck.begin();
        ChildProcess child = tree.mark(new SpawnBuilder("sh", "-c", "sleep 1000 & echo ready; wait"))
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        assertThat(child.containment()).isEqualTo(Containment.NONE);
        KillReport report = child.killTree(Duration.ZERO);
        assertThat(report.empty()).isFalse();
        assertThat(report.evidence()).isEqualTo("no containment: only the child itself is known, which has ended");
        assertThat(report.signalled()).isEqualTo(1);
        assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
        assertThat(tree.alive()).hasSize(1);
        tree.alive().forEach(pid -> TestTools.natives().kill(pid.intValue(), SIGKILL));
        leaks.assertClean();
    }

    @Test
    void childThatHasEndedIsReportedSo() throws Exception {
        ChildProcess child = new SpawnBuilder("true").start();
        child.waitFor();
        KillReport report = child.killTree(Duration.ofDays(1_000_000));
        assertThat(report.signalled()).isZero();
        assertThat(report.left()).isEmpty();
        assertThat(report.took()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void childHasItsGraceAndNoMore() throws Exception {
        ChildProcess heeds = new SpawnBuilder("sleep", "1000").start();
        assertThat(heeds.killTree(Duration.ofSeconds(60)).took()).isLessThan(Duration.ofSeconds(30));
        assertThat(heeds.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGTERM, false));
        ChildProcess stopped = new SpawnBuilder("sleep", "1000").start();
        stopped.signal(Signal.SIGSTOP);
        stopped.killTree(Duration.ofSeconds(60));
        assertThat(stopped.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGTERM, false));
        ChildProcess deaf =
                new SpawnBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done").start();
        assertThat(deaf.inputReader().readLine()).isEqualTo("ready");
        assertThat(deaf.killTree(Duration.ofMillis(50)).took())
                .isBetween(Duration.ofMillis(50), Duration.ofMillis(3050));
        assertThat(deaf.exitStatus()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
    }

    @Test
    void graceThatIsNegativeOrMissingIsRefused() throws Exception {
        ChildProcess child = new SpawnBuilder("sleep", "1000").start();
        assertThatThrownBy(() -> child.killTree(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.000000001S");
        assertThatThrownBy(() -> child.killTree(null)).isInstanceOf(NullPointerException.class);
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
    }

    @Test
    void interruptEndsTheWait() throws Exception {
        ChildProcess child =
                new SpawnBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done").start();
        assertThat(child.inputReader().readLine()).isEqualTo("ready");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> child.killTree(Duration.ofSeconds(60))).isInstanceOf(InterruptedException.class);
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
    }
}
