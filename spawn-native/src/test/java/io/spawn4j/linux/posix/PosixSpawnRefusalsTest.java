// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.Containment;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.PosixSpawnProvider;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.TestTools;
import io.spawn4j.spi.SpawnRequest;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What posix_spawn(3) has no means for is refused by name, and not left out. */
class PosixSpawnRefusalsTest {
    private static final PosixSpawnProvider PROVIDER = new PosixSpawnProvider();

    /** Each setting that the engine cannot make, and the stage that it belongs to. */
    private enum Setting {
        ignoredSignals(SpawnStage.SIGNALS, policy -> policy.ignoredSignals(Set.of(Signal.SIGHUP))),
        parentDeathSignal(SpawnStage.PARENT_DEATH, policy -> policy.parentDeathSignal(Signal.SIGKILL)),
        umask(SpawnStage.UMASK, policy -> policy.umask(0)),
        nice(SpawnStage.NICE, policy -> policy.nice(0)),
        cpuAffinity(SpawnStage.AFFINITY, policy -> policy.cpuAffinity(0)),
        resourceLimit(SpawnStage.RESOURCE_LIMIT, policy -> policy.resourceLimit(ResourceLimit.CORE, 0, 0)),
        startTimeout(SpawnStage.EXEC, policy -> policy.startTimeout(Duration.ofMinutes(1))),
        oomScore(SpawnStage.HELPER, policy -> policy.oomScore(0)),
        joinCgroup(SpawnStage.HELPER, policy -> policy.joinCgroup(Path.of("/sys/fs/cgroup"))),
        user(SpawnStage.HELPER, policy -> policy.user("root")),
        group(SpawnStage.HELPER, policy -> policy.group("root")),
        supplementaryGroups(SpawnStage.HELPER, SpawnPolicy.Builder::supplementaryGroups),
        keepCapabilities(SpawnStage.HELPER, policy -> policy.keepCapabilities(Set.of())),
        noNewPrivileges(SpawnStage.HELPER, SpawnPolicy.Builder::noNewPrivileges),
        containment(SpawnStage.HELPER, policy -> policy.containment(Containment.PROCESS_GROUP));

        private final SpawnStage stage;
        private final UnaryOperator<SpawnPolicy.Builder> set;

        Setting(SpawnStage stage, UnaryOperator<SpawnPolicy.Builder> set) {
            this.stage = stage;
            this.set = set;
        }
    }

    private static SpawnRequest request(SpawnPolicy policy) {
        return new SpawnRequest(
                TestTools.command("tiny", "3"), null, null, Redirect.PIPE, Redirect.PIPE, Redirect.PIPE, false, policy);
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void settingIsRefusedByName(Setting setting) throws Exception {
        SpawnPolicy policy = setting.set.apply(SpawnPolicy.builder()).build();
        assertThat(PROVIDER.spawn(request(SpawnPolicy.defaults())).waitFor()).isEqualTo(3);
        LeakCheck leaks = LeakCheck.begin();
        UnsupportedPolicyException refused =
                catchThrowableOfType(UnsupportedPolicyException.class, () -> PROVIDER.spawn(request(policy)));
        assertThat(refused).isNotNull();
        assertThat(refused.setting()).isEqualTo(setting.name());
        assertThat(refused.stage()).isEqualTo(setting.stage);
        assertThat(refused.syscall()).isEqualTo("posix_spawn");
        assertThat(refused.errno()).isZero();
        assertThat(refused.remedy()).isEqualTo("the native engine");
        assertThat(refused).hasMessageContaining("policy setting " + setting + " cannot be honoured here");
        leaks.assertClean();
    }

    @Test
    void dieWithParentIsRefused() {
        assertThat(catchThrowableOfType(
                                UnsupportedPolicyException.class,
                                () -> PROVIDER.spawn(request(SpawnPolicy.dieWithParent())))
                        .setting())
                .isEqualTo("parentDeathSignal");
    }
}
