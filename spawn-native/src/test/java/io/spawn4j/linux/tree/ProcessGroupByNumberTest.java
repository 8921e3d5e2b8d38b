// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.linux.child.KillTreeTest;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trees where no signal reaches a process group through a pidfd (PIDFD_SIGNAL_PROCESS_GROUP), as before Linux 6.9. */
@Tag(NestedSuite.MAIN_ONLY) // it brings its own mode
@Requires({Ability.FIRST_JDK, Ability.NATIVE_ENGINE, Ability.PIDFDS})
class ProcessGroupByNumberTest {
    @Test
    void greenWithoutSignalsToGroupsByPidfd() {
        String[] classes = Stream.of(ContainmentTest.class, KillTreeTest.class)
                .map(Class::getName)
                .toArray(String[]::new);
        NestedJvm.of(NestedSuite.class, classes)
                .through(TestTools.command("seccomp-run", "--fail", "pidfd_send_signal@3=4=EINVAL", "--"))
                .run()
                .orThrow();
    }
}
