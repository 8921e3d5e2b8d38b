// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static io.spawn4j.ResourceLimit.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpawnPolicyTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.spawn4j.PolicyStep#everySetting")
    void printsWhatIsSetAndNothingElse(String printed, PolicyStep step) {
        assertThat(PolicyStep.policy(step)).hasToString("SpawnPolicy{" + printed + "}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.spawn4j.PolicyStep#everySetting")
    void toBuilderKeepsItAndLetsItBeSetOnceMore(String printed, PolicyStep step) {
        SpawnPolicy policy = PolicyStep.policy(step);
        SpawnPolicy.Builder builder = policy.toBuilder();
        assertThat(builder.build()).isEqualTo(policy);
        assertThat(step.apply(builder).build()).isEqualTo(policy);
        assertThatThrownBy(() -> step.apply(builder)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.spawn4j.PolicyStep#everySetting")
    void equalsByWhatIsSet(String printed, PolicyStep step) {
        assertThat(PolicyStep.policy(step))
                .isEqualTo(PolicyStep.policy(step))
                .hasSameHashCodeAs(PolicyStep.policy(step))
                .isNotEqualTo(SpawnPolicy.defaults());
        PolicyStep.BY_PRINT.forEach((other, otherStep) -> {
            if (!other.equals(printed)) {
                assertThat(PolicyStep.policy(step)).isNotEqualTo(PolicyStep.policy(otherStep));
            }
        });
    }

    @Test
    void defaultsHaveNothingSet() {
        SpawnPolicy policy = SpawnPolicy.defaults();
        assertThat(policy)
                .hasToString("SpawnPolicy{defaults}")
                .isEqualTo(SpawnPolicy.builder().build());
        assertThat(policy.blockedSignals()).isEmpty();
        assertThat(policy.ignoredSignals()).isEmpty();
        assertThat(policy.parentDeathSignal()).isEmpty();
        assertThat(policy.newSession()).isFalse();
        assertThat(policy.newProcessGroup()).isFalse();
        assertThat(policy.joinProcessGroup()).isEmpty();
        assertThat(policy.umask()).isEmpty();
        assertThat(policy.nice()).isEmpty();
        assertThat(policy.cpuAffinity().isEmpty()).isTrue();
        assertThat(policy.resourceLimits()).isEmpty();
        assertThat(policy.extraDescriptors()).isEmpty();
        assertThat(policy.extraFiles()).isEmpty();
        assertThat(policy.startTimeout()).isEmpty();
        assertThat(policy.pathLookup()).isEqualTo(PathLookup.PARENT);
        assertThat(policy.oomScore()).isEmpty();
        assertThat(policy.joinCgroup()).isEmpty();
        assertThat(policy.user()).isEmpty();
        assertThat(policy.group()).isEmpty();
        assertThat(policy.supplementaryGroups()).isEmpty();
        assertThat(policy.keepCapabilities()).isEmpty();
        assertThat(policy.noNewPrivileges()).isFalse();
        assertThat(policy.containment()).isEmpty();
        assertThat(policy.leftovers()).isEqualTo(Leftovers.LEAVE);
        assertThat(policy.cgroupMemoryMax()).isEmpty();
        assertThat(policy.cgroupPidsMax()).isEmpty();
        assertThat(policy.cgroupCpuMax()).isEmpty();
    }

    @Test
    void settingTheDefaultIsTheDefault() {
        SpawnPolicy policy = SpawnPolicy.builder()
                .blockedSignals(Set.of())
                .ignoredSignals(Set.of())
                .pathLookup(PathLookup.PARENT)
                .build();
        assertThat(policy).isEqualTo(SpawnPolicy.defaults()).hasToString("SpawnPolicy{defaults}");
    }

    @Test
    void toBuilderCanReturnToADefault() {
        SpawnPolicy policy = SpawnPolicy.builder()
                .blockedSignals(Set.of(Signal.SIGINT))
                .pathLookup(PathLookup.CHILD)
                .build();
        assertThat(policy.toBuilder()
                        .blockedSignals(Set.of())
                        .pathLookup(PathLookup.PARENT)
                        .build())
                .isEqualTo(SpawnPolicy.defaults());
    }

    @Test
    void dieWithParentAddsTheSignalOnly() {
        assertThat(SpawnPolicy.dieWithParent())
                .hasToString("SpawnPolicy{parentDeathSignal=SIGKILL}")
                .isEqualTo(PolicyStep.policy(b -> b.parentDeathSignal(Signal.SIGKILL)));
    }

    @Test
    void printsInOneOrderHoweverItWasSet() {
        assertThat(SpawnPolicy.builder()
                        .umask(0)
                        .parentDeathSignal(Signal.SIGKILL)
                        .newSession()
                        .build())
                .hasToString("SpawnPolicy{parentDeathSignal=SIGKILL, newSession, umask=0000}")
                .isEqualTo(SpawnPolicy.builder()
                        .newSession()
                        .parentDeathSignal(Signal.SIGKILL)
                        .umask(0)
                        .build());
    }

    @Test
    void givesBackWhatWasSet() {
        SpawnPolicy policy = SpawnPolicy.builder()
                .blockedSignals(EnumSet.of(Signal.SIGRTMIN, Signal.SIGINT))
                .ignoredSignals(Set.of(Signal.SIGHUP))
                .parentDeathSignal(Signal.SIGINT)
                .joinProcessGroup(Integer.MAX_VALUE)
                .umask(0777)
                .nice(19)
                .cpuAffinity(1023, 1, 1)
                .resourceLimit(ResourceLimit.CORE, 0, UNLIMITED)
                .resourceLimit(ResourceLimit.AS, UNLIMITED, UNLIMITED)
                .extraDescriptor(1023, 0)
                .extraDescriptor(3, 3)
                .extraFile(4, Redirect.DISCARD)
                .startTimeout(Duration.ofNanos(1))
                .pathLookup(PathLookup.CHILD)
                .oomScore(1000)
                .joinCgroup(Path.of("/c"))
                .user("4294967294")
                .group("mail")
                .supplementaryGroups()
                .keepCapabilities(Set.of())
                .noNewPrivileges()
                .build();

        BitSet cpus = new BitSet();
        cpus.set(1);
        cpus.set(1023);
        assertThat(policy.blockedSignals()).containsExactly(Signal.SIGINT, Signal.SIGRTMIN);
        assertThat(policy.ignoredSignals()).containsExactly(Signal.SIGHUP);
        assertThat(policy.parentDeathSignal()).contains(Signal.SIGINT);
        assertThat(policy.joinProcessGroup()).hasValue(Integer.MAX_VALUE);
        assertThat(policy.umask()).hasValue(0777);
        assertThat(policy.nice()).hasValue(19);
        assertThat(policy.cpuAffinity()).isEqualTo(cpus);
        assertThat(policy.resourceLimits())
                .containsOnly(
                        Map.entry(ResourceLimit.CORE, new SpawnPolicy.Limit(0, UNLIMITED)),
                        Map.entry(ResourceLimit.AS, new SpawnPolicy.Limit(UNLIMITED, UNLIMITED)));
        assertThat(policy.extraDescriptors()).containsExactly(Map.entry(3, 3), Map.entry(1023, 0));
        assertThat(policy.extraFiles()).containsExactly(Map.entry(4, Redirect.DISCARD));
        assertThat(policy.startTimeout()).contains(Duration.ofNanos(1));
        assertThat(policy.pathLookup()).isEqualTo(PathLookup.CHILD);
        assertThat(policy.oomScore()).hasValue(1000);
        assertThat(policy.joinCgroup()).contains(Path.of("/c"));
        assertThat(policy.user()).contains("4294967294");
        assertThat(policy.group()).contains("mail");
        assertThat(policy.supplementaryGroups()).hasValue(Collections.emptySortedSet());
        assertThat(policy.keepCapabilities()).contains(Set.of());
        assertThat(policy.noNewPrivileges()).isTrue();
    }

    @Test
    void isNotChangedByItsBuilderOrWhatItGivesOut() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder()
                .extraDescriptor(5, 6)
                .resourceLimit(ResourceLimit.CORE, 0, 0)
                .cpuAffinity(1);
        SpawnPolicy policy = builder.build();
        String before = policy.toString();

        builder.extraDescriptor(6, 7)
                .extraFile(7, PolicyStep.HOSTS)
                .resourceLimit(ResourceLimit.AS, 1, 1)
                .newSession();
        policy.cpuAffinity().set(9);

        assertThat(policy).hasToString(before);
        assertThatThrownBy(() -> policy.extraDescriptors().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> policy.resourceLimits().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(builder.build().extraDescriptors()).containsOnlyKeys(5, 6);
    }

    @Test
    void containedTakesACgroupOrASubreaper() {
        assertThat(SpawnPolicy.contained().containment()).containsExactly(Containment.CGROUP, Containment.SUBREAPER);
        assertThat(SpawnPolicy.contained()).hasToString("SpawnPolicy{containment=[CGROUP, SUBREAPER]}");
        assertThat(SpawnPolicy.contained().toBuilder()
                        .containment(Containment.NONE)
                        .build())
                .isEqualTo(SpawnPolicy.defaults());
    }
}
