// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The whole suite once more in other modes, each in a JVM of its own. Its summary and its excuses go to stdout. */
@Tag(NestedSuite.MAIN_ONLY)
class SuiteInOtherModesTest {
    private static final double PART_OF_THE_SCALE = 0.1;
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    // What these three change, the kernel's answers, does not depend on the JDK; and each takes more than a minute.
    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @Requires(Ability.ROOT)
    void greenAsAnOrdinaryUser() {
        try (ForeignUser user = ForeignUser.create()) {
            run("an ordinary user", user.runs(suite()));
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @DisplayName("F27: green under a filter like a container's default profile")
    void greenUnderAContainersProfile() {
        run("a container's profile", suite().through(TestTools.command("seccomp-run", "--profile", "container", "--")));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17)
    @DisplayName("F27: green under a filter that knows no system call younger than Linux 5.1")
    void greenUnderAnOldContainersProfile() {
        run(
                "an old container's profile",
                suite().through(TestTools.command("seccomp-run", "--profile", "old-container", "--")));
    }

    @Test
    void greenOnThePosixSpawnEngine() {
        run("the posix_spawn engine", suite().property("io.spawn4j.engine", "posix_spawn"));
    }

    private static NestedJvm suite() {
        return NestedJvm.of(NestedSuite.class)
                .property("spawn4j.test.scale", Double.toString(Scale.factor() * PART_OF_THE_SCALE))
                .deadline(DEADLINE);
    }

    private static void run(String mode, NestedJvm jvm) {
        String output = jvm.run().orThrow();
        output.lines()
                .filter(line -> line.startsWith("tests found=") || line.startsWith("EXCUSED "))
                .forEach(line -> System.out.println("with " + mode + ": " + line));
    }
}
