// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What touches a child between its birth and its exec, once more where clone serves instead of clone3. */
@RequiresNativeEngine
@Tag(NestedSuite.MAIN_ONLY)
class ClonePathTest {
    @Test
    void greenWithTheOldCloneCall() {
        String[] classes = Stream.of(
                        ExtraDescriptorsTest.class,
                        FaultInjectionTest.class,
                        ParentDeathTest.class,
                        PolicyEffectsTest.class)
                .map(Class::getName)
                .toArray(String[]::new);
        NestedJvm.of(NestedSuite.class, classes)
                .property("io.spawn4j.native.clone", "clone")
                .property("spawn4j.test.scale", Double.toString(Scale.factor() * 0.1))
                .run()
                .orThrow();
    }
}
