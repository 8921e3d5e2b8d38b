// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * The whole suite once more in other modes, each in a JVM of its own, two at a time. Its summary and its excuses go to
 * stdout.
 */
@Tag(NestedSuite.MAIN_ONLY)
class SuiteInOtherModesTest {
    private static final double PART_OF_THE_SCALE = 0.1;
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private static final Map<Mode, CompletableFuture<String>> RUNS = new EnumMap<>(Mode.class);

    private enum Mode {
        ORDINARY_USER(() -> {
            try (ForeignUser user = ForeignUser.create()) {
                return user.runs(suite()).run().orThrow();
            }
        }),
        CONTAINER(() -> suite().through(TestTools.command("seccomp-run", "--profile", "container", "--"))
                .run()
                .orThrow()),
        OLD_CONTAINER(() -> suite().through(TestTools.command("seccomp-run", "--profile", "old-container", "--"))
                .run()
                .orThrow()),
        POSIX_SPAWN(
                () -> suite().property("io.spawn4j.engine", "posix_spawn").run().orThrow());

        private final Supplier<String> run;

        Mode(Supplier<String> run) {
            this.run = run;
        }
    }

    // What these three change, the kernel's answers, does not depend on the JDK; and each takes more than a minute.
    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @Requires(Ability.ROOT)
    void greenAsAnOrdinaryUser() {
        assertGreen(Mode.ORDINARY_USER, Mode.POSIX_SPAWN);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @DisplayName("F27: green under a filter like a container's default profile")
    void greenUnderAContainersProfile() {
        assertGreen(Mode.CONTAINER, Mode.OLD_CONTAINER);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @DisplayName("F27: green under a filter that knows no system call younger than Linux 5.1")
    void greenUnderAnOldContainersProfile() {
        assertGreen(Mode.OLD_CONTAINER, Mode.CONTAINER);
    }

    @Test
    void greenOnThePosixSpawnEngine() {
        assertGreen(Mode.POSIX_SPAWN);
    }

    private static NestedJvm suite() {
        return NestedJvm.of(NestedSuite.class)
                .property("spawn4j.test.scale", Double.toString(Scale.factor() * PART_OF_THE_SCALE))
                .deadline(DEADLINE);
    }

    private static void assertGreen(Mode mode, Mode... meanwhile) {
        CompletableFuture<String> run = started(mode);
        for (Mode other : meanwhile) {
            started(other);
        }
        run.join()
                .lines()
                .filter(line -> line.startsWith("tests found=") || line.startsWith("EXCUSED "))
                .forEach(line -> System.out.println("with " + mode + ": " + line));
    }

    private static CompletableFuture<String> started(Mode mode) {
        return RUNS.computeIfAbsent(
                mode, key -> CompletableFuture.supplyAsync(key.run, task -> CleanThreads.start("mode", task)));
    }

    // One that was started for a test that did not run.
    @AfterAll
    static void awaitAll() {
        RUNS.values().forEach(run -> run.exceptionally(failure -> "").join());
    }
}
