// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProviderChoiceTest {
    private static final HostAbility BROKEN = new HostAbility("provider x.Y", false, "no such library");

    private final FakeProvider good = new FakeProvider("native", 100, null);
    private final FakeProvider plain = new FakeProvider("posix_spawn", 10, null);
    private final FakeProvider refusedGood = new FakeProvider("native", 100, "no futex");
    private final FakeProvider refusedPlain = new FakeProvider("posix_spawn", 10, "no libc");

    @Test
    void theBestThatIsAvailableIsChosenAndTheOthersAreNotEvenAsked() throws Exception {
        EngineChoice choice = EngineChoice.among(List.of(plain, good), List.of(), null);
        assertThat(choice.provider()).isSameAs(good);
        assertThat(choice.refused()).isEmpty();
        assertThat(plain.asked()).isZero();
    }

    @Test
    void aLowerOneIsChosenWithTheReason() throws Exception {
        EngineChoice choice = EngineChoice.among(List.of(refusedGood, plain), List.of(BROKEN), null);
        assertThat(choice.provider()).isSameAs(plain);
        assertThat(choice.refused()).containsExactly(BROKEN, new HostAbility("engine native", false, "no futex"));
    }

    @Test
    void capabilitiesTellHowItWasChosen() throws Exception {
        assertThat(SpawnCapabilities.of(EngineChoice.among(List.of(refusedGood, plain), List.of(), null)))
                .hasToString("""
                        engine: posix_spawn (made up)
                        engine native       no   no futex
                        engine posix_spawn  yes  the best engine that can run here
                        nothing             no   it is a fake""");
    }

    @Test
    void noneInstalledSaysWhatToAdd() {
        assertFails(() -> EngineChoice.among(List.of(), List.of(), null), "spawn-native");
    }

    @Test
    void noneAvailableGivesEveryReason() {
        assertFails(
                () -> EngineChoice.among(List.of(refusedPlain, refusedGood), List.of(BROKEN), null),
                "no spawn4j engine can run here: provider x.Y: no such library;"
                        + " engine native: no futex; engine posix_spawn: no libc");
    }

    @Test
    void aForcedOneIsTakenWithoutAskingAnyOther() throws Exception {
        EngineChoice choice = EngineChoice.among(List.of(good, plain), List.of(), "posix_spawn");
        assertThat(choice.provider()).isSameAs(plain);
        assertThat(choice.why()).isEqualTo("forced by -Dio.spawn4j.engine");
        assertThat(choice.refused()).isEmpty();
        assertThat(good.asked()).isZero();
    }

    @Test
    void aForcedOneIsNeverReplaced() {
        assertFails(
                () -> EngineChoice.among(List.of(refusedGood, plain), List.of(), "native"),
                "-Dio.spawn4j.engine=native: this engine cannot run here: no futex");
    }

    @Test
    void anUnknownOneIsRefusedWithTheKnownOnes() {
        assertFails(
                () -> EngineChoice.among(List.of(good, plain), List.of(), "Native"),
                "-Dio.spawn4j.engine=Native: no such engine; installed: native, posix_spawn");
        assertFails(
                () -> EngineChoice.among(List.of(plain), List.of(BROKEN), ""),
                "-Dio.spawn4j.engine=: no such engine; installed: posix_spawn; not loadable: provider x.Y");
        assertFails(() -> EngineChoice.among(List.of(), List.of(), "native"), "add the module spawn-native");
    }

    private static void assertFails(ThrowingCallable choice, String message) {
        assertThatThrownBy(choice)
                .hasMessageContaining(message)
                .asInstanceOf(type(SpawnException.class))
                .satisfies(failure -> {
                    assertThat(failure.stage()).isEqualTo(SpawnStage.SPAWNER);
                    assertThat(failure.errno()).isZero();
                });
    }

    @Test
    void capabilitiesWithoutAnEngineSayWhy() {
        SpawnCapabilities none = SpawnCapabilities.current();
        assertThat(none.engine()).isEqualTo("none");
        assertThat(none.why()).contains("spawn-native");
        assertThat(none.rows()).isEmpty();
        assertThat(none.toString())
                .startsWith("engine: none (no spawn4j engine is installed")
                .doesNotContain("\n");
    }
}
