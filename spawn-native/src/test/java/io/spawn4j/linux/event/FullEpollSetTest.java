// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child that the kernel does not let onto the epoll set: its status comes all the same, and the log says so. */
@Tag(NestedSuite.MAIN_ONLY)
class FullEpollSetTest {
    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    void statusArrivesAndTheLogHasAWarning(String engine) {
        String output = NestedJvm.of(NestedSuite.class, FullEpollSetCases.class.getName())
                .property("io.spawn4j.engine", engine)
                .property("org.slf4j.simpleLogger.defaultLogLevel", "warn")
                .run()
                .orThrow();
        assertThat(output).contains("tests found=").contains("excused=0");
        for (String errno : FullEpollSetCases.ERRNOS) {
            assertThat(output.lines().filter(line -> line.contains("epoll_ctl: " + errno)))
                    .as("a line for each way\n" + output)
                    .hasSize(FullEpollSetCases.WAYS)
                    .allMatch(line -> line.contains(" WARN "))
                    .allMatch(line -> line.contains("the end of ChildProcess[pid="));
        }
    }
}
