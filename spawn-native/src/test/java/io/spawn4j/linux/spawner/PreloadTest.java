// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

/** A wrong name in the list would only be slow. */
class PreloadTest {
    @Test
    void namesClasses() {
        assertThatNoException().isThrownBy(() -> {
            for (String name : Preload.CLASSES) {
                Class.forName("io.spawn4j.linux." + name, false, Preload.class.getClassLoader());
            }
        });
    }
}
