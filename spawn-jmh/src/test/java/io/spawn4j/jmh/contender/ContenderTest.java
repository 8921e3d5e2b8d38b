// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.contender.Contender.Group;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContenderTest {
    private static final Set<Contender> OF_OTHER_JVMS = EnumSet.of(
            Contender.SPAWN4J_CLONE,
            Contender.SPAWN4J_POSIX_SPAWN,
            Contender.PROCESS_BUILDER_VFORK,
            Contender.PROCESS_BUILDER_FORK);

    @ParameterizedTest
    @MethodSource("runningHere")
    void everyProgramRunsWithEveryStreamsAndNothingIsLeft(Contender contender) throws Exception {
        List<Prepared> all = new ArrayList<>();
        for (Program program : Program.measured()) {
            for (Streams streams : Streams.values()) {
                Command command = Command.of(program, streams);
                if (contender.supports(command)) {
                    all.add(contender.prepare(command));
                }
            }
        }
        assertThat(all).hasSize(contender.group() == Group.RIVAL ? 3 : 6);
        for (Prepared prepared : all) {
            prepared.spawnAndWait();
        }
        int descriptors = OwnProcess.openDescriptors();
        CLibrary.Usage before = CLibrary.instance().childrenUsage();

        for (int i = 0; i < 5; i++) {
            for (Prepared prepared : all) {
                prepared.spawnAndWait();
            }
        }

        OwnProcess.awaitNothingLeft(descriptors);
        CLibrary.Usage used = CLibrary.instance().childrenUsage().since(before);
        assertThat(used.cpuNanos()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("runningHere")
    void exitCodeThatIsNotZeroThrows(Contender contender) throws Exception {
        int descriptors = warmDescriptors(contender);
        Command command = new Command(List.of("/bin/sh", "-c", "exit 3"), Streams.PIPES, Map.of());

        assertThatThrownBy(() -> contender.prepare(command).spawnAndWait()).isInstanceOf(Exception.class);

        if (contender.group() == Group.C) {
            OwnProcess.awaitNothingLeft(descriptors);
        }
    }

    @ParameterizedTest
    @MethodSource("runningHere")
    void variableReachesTheChildOrIsRefused(Contender contender) throws Exception {
        Command command = new Command(
                List.of("/bin/sh", "-c", "test \"$SPAWN4J_JMH_VARIABLE\" = \"its value\""),
                Streams.PIPES,
                Map.of("SPAWN4J_JMH_VARIABLE", "its value"));

        if (contender.group() == Group.C) {
            assertThatThrownBy(() -> contender.prepare(command)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThatCode(() -> contender.prepare(command).spawnAndWait()).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("runningHere")
    void startGivesAChildOrIsRefused(Contender contender) throws Exception {
        int descriptors = warmDescriptors(contender);
        Prepared prepared = contender.prepare(Command.of(Program.TRUE, Streams.PIPES));

        if (contender.startsChildren()) {
            Child child = prepared.start();
            assertThat(child.pid()).isPositive();
            assertThat(child.waitFor()).isZero();
            child.kill();
            child.close();
            child.close();
            OwnProcess.awaitNothingLeft(descriptors);
        } else {
            assertThatThrownBy(prepared::start).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void otherLibrariesHavePipesOnly() {
        assertThat(Group.RIVAL.contenders()).hasSize(3).allSatisfy(contender -> {
            Command command = Command.of(Program.TINY, Streams.NULL);
            assertThat(contender.supports(command)).isFalse();
            assertThatThrownBy(() -> contender.prepare(command)).isInstanceOf(IllegalArgumentException.class);
        });
    }

    @ParameterizedTest
    @MethodSource("ofOtherJvms")
    void contenderIsRefusedInAJvmOfAnother(Contender contender) {
        assertThatThrownBy(contender::requireThisJvm)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(contender + " needs a JVM with " + String.join(" ", contender.jvmArguments())
                        + ": run it through io.spawn4j.jmh.Report");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"PROCESS_BUILDER", "NUPROCESS", "ZT_EXEC", "COMMONS_EXEC", "C_POSIX_SPAWN", "C_VFORK", "C_CLONE3"})
    void contenderThatEveryJvmRunsIsNotRefused(Contender contender) {
        assertThat(contender.jvmArguments()).isEmpty();
        assertThatCode(contender::requireThisJvm).doesNotThrowAnyException();
    }

    @Test
    void launchMechanismIsAskedForByName() {
        assertThat(Contender.PROCESS_BUILDER_FORK.jvmArguments())
                .containsExactly("-Djdk.lang.Process.launchMechanism=FORK");
        assertThat(Contender.PROCESS_BUILDER_VFORK.jvmArguments())
                .containsExactly("-Djdk.lang.Process.launchMechanism=VFORK");
    }

    @Test
    void policyIsMeasuredInAJvmLikeTheOneWithoutIt() {
        assertThat(Contender.values())
                .filteredOn(Contender::hasPolicy)
                .hasSize(19)
                .allSatisfy(contender -> {
                    assertThat(contender.isSpawn4j()).isTrue();
                    assertThat(contender.jvmArguments()).isEqualTo(Contender.SPAWN4J_CLONE3.jvmArguments());
                });
    }

    @Test
    void groupsHaveTheirMembersAndEveryLabelIsItsOwn() {
        assertThat(Group.PLAIN.contenders()).hasSize(6).noneMatch(Contender::hasPolicy);
        assertThat(Group.C.contenders()).hasSize(3).noneMatch(Contender::isSpawn4j);
        assertThat(Group.POLICY.contenders()).hasSize(12).allMatch(Contender::hasPolicy);
        assertThat(Group.CONTAINED.contenders())
                .allMatch(contender ->
                        contender.hasPolicy() != !contender.wrapper().isEmpty());
        assertThat(Stream.of(Contender.values()).map(Contender::label)).doesNotHaveDuplicates();
        assertThat(Stream.of(Contender.values()).map(Contender::shortName)).doesNotHaveDuplicates();
    }

    @Test
    void noTwoPlainContendersRunWithTheSameJvm() {
        assertThat(Group.PLAIN.contenders().stream().map(Contender::jvmArguments))
                .doesNotHaveDuplicates();
    }

    static List<Contender> runningHere() throws Exception {
        List<Contender> running = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            if (contender.group() != Group.CONTAINED
                    && !OF_OTHER_JVMS.contains(contender)
                    && new Trial(contender).refusal().isEmpty()) {
                running.add(contender);
            }
        }
        return running;
    }

    static Stream<Contender> ofOtherJvms() {
        return OF_OTHER_JVMS.stream();
    }

    private static int warmDescriptors(Contender contender) throws Exception {
        contender.prepare(Command.of(Program.TRUE, Streams.PIPES)).spawnAndWait();
        return OwnProcess.openDescriptors();
    }
}
