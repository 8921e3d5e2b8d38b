// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcStatusTest {
    private static final ProcStatus STATUS = new ProcStatus(
            "Name:\tcat\nUid:\t1000\t1001\t1002\nVmRSS:\t    1234 kB\nGroups:\t \n0::/name:x\nName:\tdog\n");

    @Test
    void valueIsWhatStandsBehindTheFirstSuchName() {
        assertThat(STATUS.value("Name")).isEqualTo("cat");
        assertThat(STATUS.value("Uid")).isEqualTo("1000\t1001\t1002");
        assertThat(STATUS.find("Groups")).hasValue("");
        assertThat(STATUS.find("Uid:")).isEmpty();
        assertThat(STATUS.find("name")).isEmpty();
    }

    @Test
    void numberIsTheFirstOfThem() {
        assertThat(STATUS.number("Uid")).isEqualTo(1000);
        assertThat(STATUS.number("VmRSS")).isEqualTo(1234);
    }

    @Test
    void nameThatIsMissingIsNamed() {
        assertThatThrownBy(() -> STATUS.number("Threads"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("/proc/self/status has no Threads");
    }

    @Test
    void ownIsThisJvms() throws Exception {
        assertThat(ProcStatus.own().number("Pid"))
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(ProcStatus.own().number("Threads")).isGreaterThan(1);
    }
}
