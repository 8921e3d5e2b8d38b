// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.contender.Contender.Group;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrialTest {
    @ParameterizedTest
    @MethodSource("withPolicyOrWrapper")
    void contenderDoesWhatItsLabelSaysOrAReasonIsGiven(Contender contender) throws Exception {
        Optional<String> refusal = new Trial(contender).refusal();

        if (refusal.isPresent()) {
            assertThat(refusal.get()).isNotBlank();
        } else {
            // Also as a user to whom the JVM's own files mean nothing.
            for (Streams streams : Streams.values()) {
                contender.prepare(Command.of(Program.TINY, streams)).spawnAndWait();
            }
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

    @ParameterizedTest
    @MethodSource("granted")
    void settingThatEveryHostGrantsIsNotRefused(Contender contender) throws Exception {
        assertThat(new Trial(contender).refusal()).isEmpty();
    }

    @Test
    void whoeverHasNoPolicyIsGranted() throws Exception {
        for (Contender contender : List.of(Contender.PROCESS_BUILDER, Contender.NUPROCESS, Contender.C_VFORK)) {
            assertThat(new Trial(contender).refusal()).isEmpty();
        }
    }

    static Stream<Contender> withPolicyOrWrapper() {
        return Stream.concat(Group.POLICY.contenders().stream(), Group.CONTAINED.contenders().stream());
    }

    /** All but a nice value, which a nicer JVM may not have back. */
    static Stream<Contender> granted() {
        return Stream.concat(
                Group.POLICY.contenders().stream().filter(contender -> contender != Contender.SPAWN4J_NICE),
                Stream.of(Contender.SPAWN4J_OOM_SCORE, Contender.SPAWN4J_NO_NEW_PRIVILEGES));
    }
}
