// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.TestTools;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever mask and dispositions the JVM was started with or has taken on, a child starts with neither. */
class SignalsTest {
    /** JDK 25 clears it; neither resets what is ignored. */
    private static final boolean JDK_PASSES_THE_MASK_ON = Runtime.version().feature() < 25;

    private static final int RTMIN_PLUS_5 = 39;
    private static final int RTMIN_PLUS_6 = 40;
    private static final String NONE = "0000000000000000";

    /** Says what children of spawn4j, and then of ProcessBuilder, start with, and how they end. */
    public static final class Inherits {
        private Inherits() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            say("spawn4j", ChildState.under(SpawnPolicy.defaults()));
            System.out.println("exit "
                    + new SpawnBuilder(TestTools.command("tiny", "7")).start().exitStatus());
            ChildProcess sleeper = new SpawnBuilder("sleep", "60").start();
            sleeper.signal(Signal.SIGTERM);
            System.out.println("end " + sleeper.exitStatus());
            say("ProcessBuilder", ChildState.ofProcessBuilder());
        }

        private static void say(String starter, Map<String, String> state) {
            System.out.println(starter + " SigBlk=" + state.get("SigBlk") + " SigIgn=" + state.get("SigIgn"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clone3", "clone"})
    @DisplayName("S3: a JVM started with signals ignored and blocked hands none of it on")
    void childOfAMaskedJvmHasEmptyMaskAndDispositions(String call) {
        String said = NestedJvm.of(Inherits.class)
                .through(TestTools.command("sigrun", "--ignore", "HUP,CHLD,PIPE", "--block", "TERM,USR1,CHLD", "--"))
                .property("io.spawn4j.native.clone", call)
                .run()
                .orThrow();
        assertThat(said).contains("spawn4j SigBlk=" + NONE + " SigIgn=" + NONE + "\n");
        // SIGCHLD was ignored: the kernel would have thrown the statuses away.
        assertThat(said).contains("exit " + new ExitStatus.Exited(7) + "\n");
        assertThat(said).contains("end " + new ExitStatus.Signaled(Signal.SIGTERM, false) + "\n");
        if (JDK_PASSES_THE_MASK_ON) {
            assertThat(blockedOf("ProcessBuilder", said) & mask(Signal.SIGUSR1, Signal.SIGCHLD))
                    .as("the JDK hands the blocked signals on")
                    .isEqualTo(mask(Signal.SIGUSR1, Signal.SIGCHLD));
        }
        assertThat(ignoredOf("ProcessBuilder", said) & mask(Signal.SIGHUP))
                .as("the JDK hands the ignored signal on")
                .isEqualTo(mask(Signal.SIGHUP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"clone3", "clone"})
    @DisplayName("S3: a clean JVM hands nothing on, not even what it blocks itself")
    void childOfACleanJvmHasEmptyMaskAndDispositions(String call) {
        String said = NestedJvm.of(Inherits.class)
                .through(TestTools.command("sigrun", "--"))
                .property("io.spawn4j.native.clone", call)
                .run()
                .orThrow();
        assertThat(said).contains("spawn4j SigBlk=" + NONE + " SigIgn=" + NONE + "\n");
        if (JDK_PASSES_THE_MASK_ON) {
            assertThat(blockedOf("ProcessBuilder", said))
                    .as("JDK 17 blocks SIGQUIT in every thread, and ProcessBuilder passes that on")
                    .isEqualTo(mask(Signal.SIGQUIT));
        }
    }

    @Test
    @DisplayName("S3: what native code of this JVM ignores and blocks does not travel")
    void childIsSparedWhatNativeCodeDidToTheSpawningThread() throws InterruptedException {
        AtomicReference<Map<String, String>> ours = new AtomicReference<>();
        AtomicReference<Map<String, String>> theirs = new AtomicReference<>();
        TestTools.ok(TestTools.natives().sigaction(RTMIN_PLUS_5, 1));
        try {
            Thread thread = new Thread(() -> {
                TestTools.ok(TestTools.natives().blockThisThread(RTMIN_PLUS_6, 1));
                ours.set(ChildState.under(SpawnPolicy.defaults()));
                theirs.set(ChildState.ofProcessBuilder());
            });
            thread.start();
            thread.join();
        } finally {
            TestTools.ok(TestTools.natives().sigaction(RTMIN_PLUS_5, 0));
        }
        assertThat(ours.get()).containsEntry("SigBlk", NONE).containsEntry("SigIgn", NONE);
        if (JDK_PASSES_THE_MASK_ON) {
            assertThat(hex(theirs.get().get("SigBlk")) & bit(RTMIN_PLUS_6)).isNotZero();
        }
        assertThat(hex(theirs.get().get("SigIgn")) & bit(RTMIN_PLUS_5)).isNotZero();
    }

    private static long blockedOf(String starter, String said) {
        return hex(said.replaceAll("(?s).*" + starter + " SigBlk=([0-9a-f]+) .*", "$1"));
    }

    private static long ignoredOf(String starter, String said) {
        return hex(said.replaceAll("(?s).*" + starter + " SigBlk=[0-9a-f]+ SigIgn=([0-9a-f]+).*", "$1"));
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    private static long mask(Signal... signals) {
        long mask = 0;
        for (Signal signal : signals) {
            mask |= bit(signal.number());
        }
        return mask;
    }

    private static long bit(int number) {
        return 1L << (number - 1);
    }
}
