// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TreeSettingsTest {
    @Test
    void leftoversNeedAContainment() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder().leftovers(Leftovers.WAIT);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leftovers");
        assertThat(builder.containment(Containment.CGROUP).build())
                .hasToString("SpawnPolicy{containment=[CGROUP], leftovers=WAIT}");
        assertThatThrownBy(() -> builder.leftovers(Leftovers.KILL)).isInstanceOf(IllegalStateException.class);
    }

    static List<PolicyStep> cgroupLimits() {
        return List.of(b -> b.cgroupMemoryMax(65_536), b -> b.cgroupPidsMax(4_194_304), b -> b.cgroupCpuMax(0.01));
    }

    @ParameterizedTest
    @MethodSource("cgroupLimits")
    void cgroupLimitsNeedACgroupAndNothingInItsStead(PolicyStep limit) {
        SpawnPolicy.Builder builder = limit.apply(SpawnPolicy.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("cgroup\\w+Max needs the containment CGROUP, and no other in its stead: \\[\\]");
        assertThatThrownBy(() -> limit.apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is already set");
        assertThatThrownBy(
                        () -> limit.apply(SpawnPolicy.contained().toBuilder()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(": [CGROUP, SUBREAPER]");
        SpawnPolicy limited = builder.containment(Containment.CGROUP).build();
        assertThat(limited.toBuilder().build()).isEqualTo(limited);
        assertThatThrownBy(() ->
                        limited.toBuilder().containment(Containment.SUBREAPER).build())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cgroupLimitsAreKept() {
        SpawnPolicy policy = SpawnPolicy.builder()
                .containment(Containment.CGROUP)
                .cgroupMemoryMax(1L << 33)
                .cgroupPidsMax(7)
                .cgroupCpuMax(1.5)
                .build();
        assertThat(policy.cgroupMemoryMax()).hasValue(1L << 33);
        assertThat(policy.cgroupPidsMax()).hasValue(7);
        assertThat(policy.cgroupCpuMax()).hasValue(1.5);
        assertThat(policy)
                .hasToString(
                        "SpawnPolicy{containment=[CGROUP], cgroupMemoryMax=8589934592, cgroupPidsMax=7, cgroupCpuMax=1.5}");
    }

    @Test
    void containmentsThatMeanNothingAreRefused() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        assertThatThrownBy(() -> builder.containment(Containment.CGROUP, Containment.CGROUP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> builder.containment(Containment.CGROUP, Containment.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NONE stands alone");
        assertThatThrownBy(() -> builder.containment(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.containment(Containment.CGROUP, (Containment) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.leftovers(null)).isInstanceOf(NullPointerException.class);
        assertThat(builder.containment(Containment.CGROUP).build().containment())
                .containsExactly(Containment.CGROUP);
    }

    @Test
    void whatNoContainmentCanKeepContradictsIt() {
        contradicts(b -> b.containment(Containment.SUBREAPER), b -> b.parentDeathSignal(Signal.SIGTERM));
        contradicts(b -> b.containment(Containment.PROCESS_GROUP), b -> b.joinProcessGroup(4));
        contradicts(b -> b.containment(Containment.PID_NAMESPACE), b -> b.joinProcessGroup(4));
        contradicts(b -> b.containment(Containment.CGROUP), b -> b.joinCgroup(Path.of("/c")));
        assertThat(SpawnPolicy.dieWithParent().toBuilder()
                        .containment(Containment.SUBREAPER)
                        .joinProcessGroup(4)
                        .joinCgroup(Path.of("/c"))
                        .build()
                        .containment())
                .containsExactly(Containment.SUBREAPER);
    }

    private static void contradicts(PolicyStep one, PolicyStep other) {
        for (List<PolicyStep> order : List.of(List.of(one, other), List.of(other, one))) {
            SpawnPolicy.Builder builder = SpawnPolicy.builder();
            assertThat(order.get(0).apply(builder)).isSameAs(builder);
            SpawnPolicy before = builder.build();
            assertThatThrownBy(() -> order.get(1).apply(builder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("contradicts");
            assertThat(builder.build()).isEqualTo(before);
        }
    }
}
