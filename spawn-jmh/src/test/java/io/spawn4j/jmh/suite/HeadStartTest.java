// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadStartTest {
    private static final Path FILE = Path.of("/a/file");

    @ParameterizedTest
    @EnumSource(names = {"APP_CDS", "AOT_CACHE"})
    void fileIsWrittenByOneJvmAndInsistedOnByAnother(HeadStart headStart) {
        assertThat(headStart.isFile()).isTrue();
        assertThat(headStart.writing(FILE))
                .singleElement()
                .asString()
                .startsWith("-XX:")
                .endsWith("=/a/file");
        assertThat(headStart.reading(FILE))
                .hasSize(2)
                .anyMatch(option -> option.endsWith("=/a/file"))
                .anyMatch(option -> option.equals("-Xshare:on") || option.equals("-XX:AOTMode=on"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "PREPARED"})
    void restNeedsNone(HeadStart headStart) {
        assertThat(headStart.isFile()).isFalse();
        assertThatThrownBy(() -> headStart.writing(FILE)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headStart.reading(FILE)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void scenarioThatIsNotOfAFreshJvmHasNone() {
        Scenario tiny = Suite.RATES.scenarios(Length.FULL).get(0);

        assertThatThrownBy(() -> HeadStart.of(tiny))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tiny.t1 has no parameter headStart");
    }
}
