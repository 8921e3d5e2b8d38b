// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Statuses that somebody else takes: a rogue waitpid(-1), or the kernel itself where SIGCHLD is ignored. */
class StolenStatusTest {
    private static final int SIGCHLD = 17;
    private static final int DEFAULT = 0;
    private static final int IGNORED = 1;
    private static final int MOST_ROUNDS = 100;

    /** Runs children while SIGCHLD is ignored, as it was when the JVM began. */
    public static final class Deaf {
        private Deaf() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            assertThat(TestTools.natives().disposition(SIGCHLD)).isEqualTo(IGNORED);
            assertTrueStatuses(Scale.of(100));
        }
    }

    @Test
    @DisplayName("F2: a rogue waitpid(-1) makes ProcessBuilder report 0, and us at worst that the status was stolen")
    void rogueReaperNeverMakesAWrongStatus() throws Exception {
        TestTools.ok(TestTools.natives().reaperStart());
        try {
            int rounds = 0;
            do {
                assertTrueStatuses(Scale.of(400));
            } while (TestTools.natives().reaperStolen() == 0 && ++rounds < MOST_ROUNDS);
            assertThat(TestTools.natives().reaperStolen()).isPositive();
            assertThat(processBuilderSaysZeroWithin(5_000)).isTrue();
        } finally {
            TestTools.ok(TestTools.natives().reaperStop());
        }
    }

    @Test
    @DisplayName("F2: SIGCHLD ignored since before the JVM's start")
    void ignoredSigchldAtStart() {
        NestedJvm.of(Deaf.class)
                .through(TestTools.command("sigrun", "--ignore", "CHLD", "--"))
                .run()
                .orThrow();
    }

    @Test
    @DisplayName("F2: SIGCHLD ignored by somebody while the JVM runs")
    void ignoredSigchldLater() throws Exception {
        ChildProcess before = new SpawnBuilder("sh", "-c", "read line; exit 9").start();
        int disposition = TestTools.ok(TestTools.natives().sigaction(SIGCHLD, IGNORED));
        try {
            assertTrueStatuses(Scale.of(100));
            before.getOutputStream().close();
            assertThat(tells(before.exitStatus(), new ExitStatus.Exited(9))).isTrue();
        } finally {
            TestTools.ok(TestTools.natives().sigaction(SIGCHLD, disposition == IGNORED ? IGNORED : DEFAULT));
        }
    }

    private static void assertTrueStatuses(int children) throws Exception {
        List<ExitStatus> wrong = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            int code = i % 256;
            ExitStatus status = new SpawnBuilder(TestTools.command("tiny", Integer.toString(code)))
                    .start()
                    .exitStatus();
            if (!tells(status, new ExitStatus.Exited(code))) {
                wrong.add(status);
            }
        }
        ChildProcess killed = new SpawnBuilder("sleep", "60").start();
        killed.signal(Signal.SIGKILL);
        ExitStatus death = killed.exitStatus();
        if (!tells(death, new ExitStatus.Signaled(Signal.SIGKILL, false))) {
            wrong.add(death);
        }
        assertThat(wrong).isEmpty();
    }

    /** The truth; or, where this kernel cannot tell it, that it was stolen. Never anything else. */
    private static boolean tells(ExitStatus seen, ExitStatus truth) {
        return seen.equals(truth)
                || (!kernelRemembers()
                        && seen instanceof ExitStatus.Unknown unknown
                        && unknown.why().startsWith("stolen"));
    }

    private static boolean kernelRemembers() {
        String[] release = System.getProperty("os.version").split("[^0-9]+");
        int major = Integer.parseInt(release[0]);
        boolean young = major > 6 || (major == 6 && Integer.parseInt(release[1]) >= 15);
        // The posix_spawn engine opens the pidfd when the child may be gone already.
        return young && Ability.NATIVE_ENGINE.missing().isEmpty() && SpawnerThread.hasPidfds();
    }

    private static boolean processBuilderSaysZeroWithin(int attempts) throws Exception {
        for (int i = 0; i < attempts; i++) {
            Process process = new ProcessBuilder(TestTools.command("tiny", "7")).start();
            if (process.waitFor() == 0) {
                return true;
            }
        }
        return false;
    }
}
