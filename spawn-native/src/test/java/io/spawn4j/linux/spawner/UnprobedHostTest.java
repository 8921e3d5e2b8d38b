// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.engine;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A seccomp filter is there, and no process can be made in which to try what it kills for: what needs no trying serves,
 * with a warning.
 */
@Requires(Ability.FIRST_JDK)
@Tag(NestedSuite.MAIN_ONLY)
class UnprobedHostTest {
    /** The probe's own way to fork: no other call has SIGCHLD and no flag. */
    private static final String PROBE = "clone@0=17=";

    /** Starts children. */
    public static final class Starts {
        private Starts() {}

        /** Runs it. */
        public static void main(String[] arguments) {
            say("first", start());
            say("second", start());
            say("engine", engine());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EAGAIN", "ENOMEM"})
    @DisplayName("F49: under a seccomp filter the probing fork fails: the engine comes up, warns, and does its work")
    void worksWithoutAProbe(String errno) {
        String said = NestedJvm.of(HostProbe.class).through(filter(errno)).run().orThrow();
        assertThat(said)
                .contains("engine native\n")
                .contains("clone3 with CLONE_CLEAR_SIGHAND=false", "private descriptor table=true", "pidfds=false")
                .contains("exit 7\n", "killed Signaled[signal=SIGKILL, coreDumped=false]\n", "echo through cat\n")
                .contains("missing exec ENOENT\n", "directory /\n", "parent death 15\n", "stray 0\n")
                .contains("blocked 0 ignored 0\n", "waiters=3\n", "left over []\n");
        assertThat(said.lines().filter(line -> line.contains("WARN") && line.contains("cannot be tried")))
                .singleElement()
                .asString()
                .contains("in a process of its own (" + errno + " (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"container", "old-container"})
    @DisplayName("F49: under a container's profile the probing fork fails: children start, as users run it")
    void startsWithoutAProbeInAContainer(String profile) {
        assertThat(Jars.jvm(Starts.class)
                        .through(filter("EAGAIN", "--profile", profile))
                        .run()
                        .orThrow())
                .contains("first: " + STARTED + "\n", "second: " + STARTED + "\n", "engine: native\n");
    }

    private static List<String> filter(String errno, String... more) {
        List<String> command = new ArrayList<>(TestTools.command("seccomp-run", "--fail", PROBE + errno));
        command.addAll(List.of(more));
        command.add("--");
        return command;
    }
}
