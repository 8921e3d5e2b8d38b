// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JdkTest {
    private static final int OWN = Runtime.version().feature();

    @Test
    void ownIsThisJvms() throws Exception {
        Jdk own = new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().toString());

        assertThat(Jdk.find(0)).hasValue(own);
        assertThat(Jdk.find(OWN)).hasValue(own);
        assertThat(Jdk.isOwn(0)).isTrue();
        assertThat(Jdk.isOwn(OWN)).isTrue();
        assertThat(Jdk.isOwn(OWN + 1)).isFalse();
    }

    @Test
    void anyOtherHasTheVersionThatWasAskedFor() throws Exception {
        assertThat(Jdk.find(99)).isEmpty();
        for (int feature = 9; feature < 99; feature++) { // 8 calls itself 1.8
            Optional<Jdk> found = Jdk.find(feature);
            if (found.isPresent()) {
                assertThat(Runtime.Version.parse(found.get().version()).feature())
                        .isEqualTo(feature);
                assertThat(found.get().home().resolve("bin/java")).isExecutable();
            }
        }
    }

    @Test
    void nativeAccessIsAskedForWhereTheJdkKnowsTheOption() {
        assertThat(Jdk.nativeAccess(17)).isEmpty();
        assertThat(Jdk.nativeAccess(23)).isEmpty();
        assertThat(Jdk.nativeAccess(24)).containsExactly("--enable-native-access=ALL-UNNAMED");
        assertThat(Jdk.nativeAccess(0)).isEqualTo(Jdk.nativeAccess(OWN));
    }
}
