// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StatusAndErrorTest {

    @Test
    @DisplayName("F25: a signal's death and an exit code are different types, though the JDK's number is the same")
    void signalAndExitCodeDiffer() {
        ExitStatus exited = new ExitStatus.Exited(137);
        ExitStatus killed = new ExitStatus.Signaled(Signal.SIGKILL, false);
        assertThat(killed.toExitValue()).isEqualTo(exited.toExitValue()).isEqualTo(137);
        assertThat(killed).isNotEqualTo(exited);
    }

    @Test
    void unknownIsNoProgramsExitValue() {
        assertThat(new ExitStatus.Unknown("stolen").toExitValue()).isEqualTo(-1);
        assertThat(new ExitStatus.Exited(0).toExitValue()).isZero();
    }

    @Test
    void stagesReadAsWords() {
        assertThat(SpawnStage.EXEC).hasToString("exec");
        assertThat(SpawnStage.PARENT_DEATH).hasToString("parent death");
    }

    @Test
    void resourceNumbersAreTheKernels() {
        for (ResourceLimit limit : ResourceLimit.values()) {
            assertThat(limit.number()).isEqualTo(limit.ordinal());
        }
        assertThat(ResourceLimit.NOFILE.number()).isEqualTo(7);
        assertThat(ResourceLimit.RTTIME.number()).isEqualTo(15);
    }

    @Test
    void unsupportedPolicySaysWhatWhyAndHowElse() {
        UnsupportedPolicyException refused = new UnsupportedPolicyException(
                "Cannot run program \"x\"",
                "parentDeathSignal",
                "prctl(PR_SET_PDEATHSIG)",
                SpawnStage.PARENT_DEATH,
                1,
                "EPERM",
                "another host");
        assertThat(refused)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot run program \"x\": policy setting parentDeathSignal cannot be honoured here: prctl(PR_SET_PDEATHSIG):"
                                + " error=1, EPERM (stage: parent death); what would make it work: another host");
        assertThat(refused.setting()).isEqualTo("parentDeathSignal");
        assertThat(refused.syscall()).isEqualTo("prctl(PR_SET_PDEATHSIG)");
        assertThat(refused.remedy()).isEqualTo("another host");
        assertThat(refused.stage()).isEqualTo(SpawnStage.PARENT_DEATH);
        assertThat(refused.errno()).isEqualTo(1);
        assertThat(refused.errnoName()).isEqualTo("EPERM");

        assertThat(new UnsupportedPolicyException(
                        "Cannot run program \"x\"",
                        "umask",
                        "posix_spawn",
                        SpawnStage.REQUEST,
                        0,
                        "",
                        "the native engine"))
                .hasMessageContaining("posix_spawn cannot do it (stage: request)");
    }

    @Test
    void exceptionsSurviveSerialization() throws Exception {
        SpawnException thrown = new SpawnException("m", SpawnStage.DIRECTORY, 2, "ENOENT", new IOException("cause"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            SpawnException read = (SpawnException) in.readObject();
            assertThat(read).hasMessage("m").hasCauseInstanceOf(IOException.class);
            assertThat(read.stage()).isSameAs(SpawnStage.DIRECTORY);
            assertThat(read.errno()).isEqualTo(2);
            assertThat(read.errnoName()).isEqualTo("ENOENT");
        }
    }

    @Test
    void stagelessExceptionsCannotBeMade() {
        assertThatThrownBy(() -> new SpawnException("m", null, 0, "", null)).isInstanceOf(NullPointerException.class);
    }
}
