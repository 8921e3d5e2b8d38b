// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.TestTools;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the library logs, through slf4j alone. */
class LoggingTest {
    /** Spawns a few children, one of which does not start. */
    public static final class SomeSpawns {
        private SomeSpawns() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 10; i++) {
                new SpawnBuilder(TestTools.path("tiny"), "1").start().waitFor();
                new SpawnBuilder("sleep", "60").start().destroyForcibly().waitFor();
                try {
                    new SpawnBuilder("/no/such/program").start();
                } catch (SpawnException expected) {
                    System.out.println("refused");
                }
            }
            System.out.println("asks");
            SpawnCapabilities.current();
        }
    }

    @Test
    void oneLineForWhoeverAsksAndNoneForAChild() {
        List<String> lines = logged("debug", jvm -> jvm);
        List<String> debug =
                lines.stream().filter(line -> line.contains(" DEBUG ")).toList();
        assertThat(debug).singleElement().asString().containsPattern("spawn4j engine (native|posix_spawn) \\(.*=yes");
        // Where the host lacks something each lack is one more line, and nothing else is.
        assertThat(lines).allMatch(line -> line.contains(" DEBUG ") || line.contains(" WARN "));
        assertThat(lines).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(4);
    }

    @Test
    @Tag(NestedSuite.MAIN_ONLY) // the other modes lack something, which is said at once
    @DisplayName("F55: SLF4J is not even loaded before there is something to say")
    void startsDoNotTouchSlf4j() {
        Assumptions.assumeThat(logged("info", jvm -> jvm))
                .as("a host that lacks nothing")
                .isEmpty();
        String loaded =
                NestedJvm.of(SomeSpawns.class).option("-Xlog:class+load").run().orThrow();
        assertThat(loaded).contains("io.spawn4j.SpawnBuilder source:");
        assertThat(loaded.lines().takeWhile(line -> !line.equals("asks")))
                .noneMatch(line -> line.contains(" org.slf4j."));
    }

    @Test
    void nothingAtInfoThatIsNoWarning() {
        assertThat(logged("info", jvm -> jvm)).allMatch(line -> line.contains(" WARN "));
    }

    @Test
    void eachLackIsOneWarning() {
        assertThat(logged(
                        "info",
                        jvm -> jvm.through(TestTools.command(
                                "seccomp-run",
                                "--fail",
                                "pidfd_send_signal=ENOSYS",
                                "--fail",
                                "pidfd_open=ENOSYS",
                                "--"))))
                .filteredOn(line -> line.contains("no pidfds here"))
                .singleElement()
                .asString()
                .contains(" WARN ");
    }

    private static List<String> logged(String level, UnaryOperator<NestedJvm> how) {
        return how.apply(NestedJvm.of(SomeSpawns.class).property("org.slf4j.simpleLogger.defaultLogLevel", level))
                .run()
                .orThrow()
                .lines()
                .filter(line -> line.contains("io.spawn4j"))
                .toList();
    }
}
