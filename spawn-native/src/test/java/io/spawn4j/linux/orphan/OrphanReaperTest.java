// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.OrphanReaper;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orphans of a JVM that is a subreaper or process 1. */
@Tag(NestedSuite.MAIN_ONLY) // each test starts a JVM of its own, which is what the modes would do
class OrphanReaperTest {
    private static final List<String> AS_PROCESS_1 =
            List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    private static NestedJvm jvm(OrphanReaperCases one) {
        return NestedJvm.of(OrphanReaperCases.class, one.name());
    }

    @Test
    @DisplayName("F14: a JVM that is a subreaper keeps the zombies of the orphans it adopts")
    void subreaperCollectsZombies() {
        jvm(OrphanReaperCases.NAIVE).run().orThrow();
    }

    @Test
    @DisplayName("F14: a JVM that is process 1 keeps the zombies of the orphans it adopts")
    @Requires({Ability.ROOT, Ability.MOUNT})
    void process1CollectsZombies() {
        jvm(OrphanReaperCases.NAIVE).through(AS_PROCESS_1).run().orThrow();
    }

    @Test
    @DisplayName("F14: with the reaper a JVM that is a subreaper keeps none, of orphans before and after")
    void reaperEndsZombiesOfSubreaper() {
        jvm(OrphanReaperCases.INSTALLED).run().orThrow();
    }

    @Test
    @DisplayName("F14: with the reaper a JVM that is process 1 keeps none, of orphans before and after")
    @Requires({Ability.ROOT, Ability.MOUNT})
    void reaperEndsZombiesOfProcess1() {
        jvm(OrphanReaperCases.INSTALLED).through(AS_PROCESS_1).run().orThrow();
    }

    @Test
    void linuxGivesOrphansToTheFirstThread() {
        jvm(OrphanReaperCases.FIRST_THREAD).run().orThrow();
    }

    @Test
    void childOfAThreadThatLivesIsLeftToIt() {
        jvm(OrphanReaperCases.LIVE_THREAD).run().orThrow();
    }

    @ParameterizedTest(name = "of {0}")
    @ValueSource(strings = {"jdk", "spawn4j"})
    @DisplayName("F14: the status of each child is right while orphans pour in")
    void statusesAreRight(String starter) {
        NestedJvm.of(OrphanStatuses.class, starter, Integer.toString(Scale.of(2_000)))
                .run()
                .orThrow();
    }

    @Test
    @DisplayName("F14: on the posix_spawn engine, whose children may look like orphans, statuses are right, too")
    void statusesAreRightOnPosixSpawn() {
        NestedJvm.of(OrphanStatuses.class, "spawn4j", Integer.toString(Scale.of(500)))
                .property("io.spawn4j.engine", "posix_spawn")
                .run()
                .orThrow();
    }

    @Test
    @DisplayName("F14: a child of ProcessBuilder is left to the JDK, even if the JDK's thread does not run")
    void childOfProcessBuilderWaitsForTheJdk() {
        jvm(OrphanReaperCases.FROZEN_JDK).run().orThrow();
    }

    @Test
    @DisplayName("F14: a child of spawn4j is left to its watch, even if the thread of that does not run")
    void childOfSpawn4jWaitsForItsWatch() {
        jvm(OrphanReaperCases.FROZEN_WATCH)
                .property("io.spawn4j.engine", "posix_spawn")
                .run()
                .orThrow();
    }

    @Test
    void zombieIsLeftAloneForTheGraceTime() {
        jvm(OrphanReaperCases.YOUNG).run().orThrow();
    }

    @Test
    void zombieWaitsUntilTheJdkAnswersAndIsReportedIfThatTakesLong() {
        assertThat(jvm(OrphanReaperCases.BUSY_JDK)
                        .property("java.util.concurrent.ForkJoinPool.common.parallelism", "2")
                        .run()
                        .orThrow())
                .containsOnlyOnce("WARN")
                .contains("has been a zombie for more than 60 s");
    }

    @Test
    @DisplayName("F14: process 1 that sees another pid namespace's /proc is told so")
    @Requires({Ability.ROOT, Ability.MOUNT})
    void foreignProcIsRefused() {
        jvm(OrphanReaperCases.FOREIGN_PROC)
                .through("unshare", "--pid", "--fork", "--kill-child")
                .run()
                .orThrow();
    }

    @Test
    void closedReaperReapsNothing() {
        jvm(OrphanReaperCases.CLOSED).run().orThrow();
    }

    @Test
    void secondInstallationIsTheFirst() {
        jvm(OrphanReaperCases.TWICE).run().orThrow();
    }

    @Test
    void jvmThatAdoptsNothingIsRefused() {
        jvm(OrphanReaperCases.REFUSED).run().orThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 99, 3_600_001})
    void graceOutOfRangeIsRefused(long millis) {
        assertThatThrownBy(() -> OrphanReaper.install(Duration.ofMillis(millis)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("grace is " + Duration.ofMillis(millis) + ", and must be from PT0.1S to PT1H");
    }
}
