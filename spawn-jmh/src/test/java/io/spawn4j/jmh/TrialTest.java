// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrialTest {
    @ParameterizedTest
    @MethodSource("contained")
    void contenderDoesWhatItsLabelSaysOrAReasonIsGiven(Contender contender) throws Exception {
        Optional<String> refusal = new Trial(contender).refusal();

        if (refusal.isPresent()) {
            assertThat(refusal.get()).isNotBlank();
        } else {
            // Also as a user to whom the JVM's own files mean nothing.
            contender.spawnAndWait(Program.TINY, true);
            contender.spawnAndWait(Program.TINY, false);
        }
    }

    @Test
    void subreaperNeedsNobodysLeave() throws Exception {
        assertThat(new Trial(Contender.SPAWN4J_SUBREAPER).refusal()).isEmpty();
        assertThat(new Trial(Contender.SPAWN4J_SUBREAPER).version()).isEmpty();
    }

    @Test
    void programIsInstalledIfOneDirectoryOfThePathHasIt() {
        assertThat(Trial.isInstalled("sh", "/nowhere:/bin")).isTrue();
        assertThat(Trial.isInstalled("sh", "/nowhere:/proc")).isFalse();
    }

    static List<Contender> contained() {
        return Scenario.inContainment().contenders().stream()
                .filter(contender -> !contender.isPlain())
                .toList();
    }
}
