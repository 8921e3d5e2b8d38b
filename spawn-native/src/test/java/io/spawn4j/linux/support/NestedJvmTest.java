// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** JVMs inside the test JVM, and suites inside them. */
class NestedJvmTest {
    /** Prints a property and its arguments, and ends with 3. */
    public static final class Hello {
        private Hello() {}

        /** Runs it. */
        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("hello " + System.getProperty("spawn4j.test.word") + " " + String.join(",", arguments));
            if (arguments.length == 0) {
                new CountDownLatch(1).await();
            }
            System.exit(3);
        }
    }

    /** Passes. */
    static class GreenSuite {
        @Test
        void passes() {
            assertThat(Scale.factor()).isEqualTo(0.25);
        }

        @Test
        @RequiresNativeEngine
        void isExcused() {
            throw new AssertionError("not for this engine");
        }
    }

    /** Fails, skips. */
    static class RedSuite {
        @Test
        void fails() {
            throw new AssertionError("on purpose");
        }

        @Test
        void skips() {
            Assumptions.abort("no wish to");
        }
    }

    @Test
    void runsThroughALauncher() {
        NestedJvm.Result result = NestedJvm.of(Hello.class, "a", "b")
                .through(TestTools.command("seccomp-run", "--profile", "container", "--"))
                .property("spawn4j.test.word", "world")
                .run();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output()).contains("hello world a,b");
        assertThat(result.timedOut()).isFalse();
    }

    @Test
    void isKilledAtItsDeadlineWithAThreadDump() {
        NestedJvm.Result result =
                NestedJvm.of(Hello.class).deadline(Duration.ofSeconds(2)).run();
        assertThat(result.timedOut()).isTrue();
        assertThat(result.output()).contains("hello null").contains("CountDownLatch.await");
    }

    @Test
    void greenSuiteEndsWithItsCounts() {
        String output = NestedJvm.of(NestedSuite.class, GreenSuite.class.getName())
                .property("spawn4j.test.scale", "0.25")
                .property("io.spawn4j.engine", "posix_spawn")
                .run()
                .orThrow();
        assertThat(output)
                .contains("tests found=2 succeeded=1 failed=0 skipped=0 excused=1")
                .contains("EXCUSED NestedJvmTest$GreenSuite / isExcused(): not in this mode: NATIVE_ENGINE");
    }

    @Test
    void redSuiteSaysWhy() {
        NestedJvm.Result result =
                NestedJvm.of(NestedSuite.class, RedSuite.class.getName()).run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output())
                .contains("FAILED NestedJvmTest$RedSuite / fails()")
                .contains("on purpose")
                .containsPattern("SKIPPED NestedJvmTest\\$RedSuite / skips\\(\\): .*no wish to")
                .contains("tests found=2 succeeded=0 failed=1 skipped=1 excused=0");
    }

    @Test
    @Requires(Ability.ROOT)
    void runsAsAnotherUser() {
        try (ForeignUser user = ForeignUser.create()) {
            NestedJvm.Result result = user.runs(NestedJvm.of(Hello.class, "as"))
                    .property("spawn4j.test.word", "somebody")
                    .run();
            assertThat(result.output()).contains("hello somebody as");
            assertThat(result.exitCode()).isEqualTo(3);
        }
    }
}
