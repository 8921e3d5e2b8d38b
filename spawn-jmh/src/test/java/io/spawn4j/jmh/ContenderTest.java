// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContenderTest {
    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER", "C_POSIX_SPAWN"})
    void oneContenderOfEachLibraryRunsEveryProgramAndItsTimeReachesThisProcess(Contender contender) throws Exception {
        long before = CLibrary.instance().childrenCpuNanos();

        for (Program program : Program.values()) {
            contender.spawnAndWait(program, true);
            contender.spawnAndWait(program, false);
        }

        assertThat(CLibrary.instance().childrenCpuNanos()).isGreaterThan(before);
    }

    @Test
    void contenderIsRefusedInAJvmOfAnother() {
        assertThatThrownBy(Contender.PROCESS_BUILDER_VFORK::requireThisJvm)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("PROCESS_BUILDER_VFORK needs a JVM with -Djdk.lang.Process.launchMechanism=VFORK:"
                        + " run it through io.spawn4j.jmh.Report");
        assertThatCode(Contender.C_POSIX_SPAWN::requireThisJvm).doesNotThrowAnyException();
    }

    @Test
    void policyIsMeasuredInAJvmLikeTheOneWithoutIt() {
        assertThat(Scenario.inContainment().contenders())
                .filteredOn(Contender::hasPolicy)
                .hasSize(6)
                .allSatisfy(contender ->
                        assertThat(contender.jvmArguments()).isEqualTo(Contender.SPAWN4J_CLONE3.jvmArguments()));
    }

    @Test
    void noTwoContendersOfOneLibraryRunWithTheSameJvm() {
        assertThat(Contender.plain().stream()
                        .filter(contender -> contender != Contender.C_POSIX_SPAWN)
                        .map(Contender::jvmArguments))
                .doesNotHaveDuplicates();
    }
}
