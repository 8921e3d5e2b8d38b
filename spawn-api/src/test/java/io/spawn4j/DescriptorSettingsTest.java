// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DescriptorSettingsTest {
    @Test
    void oneNumberOfTheChildHoldsOneThing() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder().extraDescriptor(5, 9);
        assertThatThrownBy(() -> builder.extraFile(5, PolicyStep.HOSTS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("descriptor 5 of the child is already set");

        SpawnPolicy replaced =
                builder.build().toBuilder().extraFile(5, PolicyStep.HOSTS).build();
        assertThat(replaced.extraDescriptors()).isEmpty();
        assertThat(replaced.extraFiles()).containsOnlyKeys(5);
    }

    @Test
    void holdsTwoHundredAndFortyEightExtras() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        for (int childFd = 3; childFd < 251; childFd++) {
            builder = childFd % 2 == 0
                    ? builder.extraDescriptor(childFd, 9)
                    : builder.extraFile(childFd, PolicyStep.HOSTS);
        }
        SpawnPolicy.Builder full = builder;
        assertThatThrownBy(() -> full.extraDescriptor(251, 9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than 248");
        SpawnPolicy policy = full.build();
        assertThat(policy.extraDescriptors().size() + policy.extraFiles().size())
                .isEqualTo(248);
        assertThat(policy.toBuilder().extraFile(4, PolicyStep.HOSTS).build().extraFiles())
                .hasSize(125);
    }
}
