// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What FaultInjectionTest is to the native engine, on the posix_spawn engine: in a JVM of its own, whatever the mode.
 */
@Tag(NestedSuite.MAIN_ONLY)
class PosixSpawnFaultsTest {
    @Test
    void eachCallThatFailsIsNamedAndLeavesNothing() {
        String output = NestedJvm.of(NestedSuite.class, PosixSpawnFaultsCases.class.getName())
                .property("io.spawn4j.engine", "posix_spawn")
                .run()
                .orThrow();
        assertThat(output).contains("tests found=").contains("excused=0");
    }
}
