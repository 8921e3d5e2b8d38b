// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static io.spawn4j.ResourceLimit.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingRefusalsTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.spawn4j.PolicyStep#everySetting")
    void refusesToBeSetTwice(String printed, PolicyStep step) {
        SpawnPolicy.Builder builder = step.apply(SpawnPolicy.builder());
        String name = printed.startsWith("resource")
                ? "resourceLimit(NOFILE)"
                : printed.startsWith("extra") ? "of the child" : printed.replaceFirst("=.*", "");
        assertThatThrownBy(() -> step.apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageEndingWith("is already set");
    }

    static List<Arguments> outOfRange() {
        return List.of(
                refused("umask out of range 0 to 0777: 01000", b -> b.umask(01000)),
                refused("umask out of range 0 to 0777: -1", b -> b.umask(-1)),
                refused("nice out of range -20 to 19: 20", b -> b.nice(20)),
                refused("nice out of range -20 to 19: -21", b -> b.nice(-21)),
                refused("joinProcessGroup out of range 1 to 2147483647: 0", b -> b.joinProcessGroup(0)),
                refused("joinProcessGroup out of range 1 to 2147483647: 2147483648", b -> b.joinProcessGroup(1L << 31)),
                refused("cpuAffinity: no CPU given", SpawnPolicy.Builder::cpuAffinity),
                refused("cpuAffinity out of range 0 to 1023: 1024", b -> b.cpuAffinity(0, 1024)),
                refused("cpuAffinity out of range 0 to 1023: -1", b -> b.cpuAffinity(-1)),
                refused("blockedSignals: SIGKILL cannot be", b -> b.blockedSignals(Set.of(Signal.SIGKILL))),
                refused("blockedSignals: SIGSTOP cannot be", b -> b.blockedSignals(Set.of(Signal.SIGSTOP))),
                refused("ignoredSignals: SIGKILL cannot be", b -> b.ignoredSignals(Set.of(Signal.SIGKILL))),
                refused(
                        "ignoredSignals: SIG32 cannot be",
                        b -> b.ignoredSignals(EnumSet.allOf(Signal.class).stream()
                                .filter(signal -> signal.number() > 31)
                                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Signal.class))))),
                refused("blockedSignals: SIG33 cannot be", b -> b.blockedSignals(Set.of(Signal.SIG33))),
                refused("soft limit out of range", b -> b.resourceLimit(ResourceLimit.AS, -2, 0)),
                refused("hard limit out of range", b -> b.resourceLimit(ResourceLimit.AS, 0, -2)),
                refused("soft limit above the hard one: 2:1", b -> b.resourceLimit(ResourceLimit.AS, 2, 1)),
                refused(
                        "soft limit above the hard one: unlimited:1",
                        b -> b.resourceLimit(ResourceLimit.AS, UNLIMITED, 1)),
                refused("descriptor of the child out of range 3 to 1023: 2", b -> b.extraDescriptor(2, 9)),
                refused("descriptor of the child out of range 3 to 1023: 1024", b -> b.extraDescriptor(1024, 9)),
                refused("extraDescriptor out of range 0 to 2147483647: -1", b -> b.extraDescriptor(3, -1)),
                refused("descriptor of the child out of range 3 to 1023: 0", b -> b.extraFile(0, PolicyStep.HOSTS)),
                refused("not a redirect to or from a file: PIPE", b -> b.extraFile(3, Redirect.PIPE)),
                refused("not a redirect to or from a file: INHERIT", b -> b.extraFile(3, Redirect.INHERIT)),
                refused("null character at 1", b -> b.extraFile(3, Redirect.to(new File("a\0")))),
                refused("startTimeout out of range", b -> b.startTimeout(Duration.ZERO)),
                refused("oomScore out of range -1000 to 1000: 1001", b -> b.oomScore(1001)),
                refused("oomScore out of range -1000 to 1000: -1001", b -> b.oomScore(-1001)),
                refused(
                        "cgroupMemoryMax out of range 65536 to 9223372036854775807: 65535",
                        b -> b.cgroupMemoryMax(65_535)),
                refused("cgroupPidsMax out of range 1 to 4194304: 0", b -> b.cgroupPidsMax(0)),
                refused("cgroupPidsMax out of range 1 to 4194304: 4194305", b -> b.cgroupPidsMax(4_194_305)),
                refused("cgroupCpuMax out of range 0.01 to 100000.0: 0.0099", b -> b.cgroupCpuMax(0.0099)),
                refused("cgroupCpuMax out of range 0.01 to 100000.0: 100001.0", b -> b.cgroupCpuMax(100_001)),
                refused("cgroupCpuMax out of range 0.01 to 100000.0: NaN", b -> b.cgroupCpuMax(Double.NaN)),
                refused("joinCgroup: not an absolute path: a/b", b -> b.joinCgroup(Path.of("a/b"))),
                refused("user: empty", b -> b.user("")),
                refused("user: empty, or with a null character: \"a?b\"", b -> b.user("a\0b")),
                refused("user out of range 0 to 4294967294: 4294967295", b -> b.user("4294967295")),
                refused(
                        "group out of range 0 to 4294967294: 99999999999999999999",
                        b -> b.group("99999999999999999999")),
                refused("supplementaryGroups: empty", b -> b.supplementaryGroups("mail", "")),
                refused(
                        "supplementaryGroups: more than 8192: 8193",
                        b -> b.supplementaryGroups(IntStream.range(0, 8193)
                                .mapToObj(Integer::toString)
                                .toArray(String[]::new))),
                refused("startTimeout out of range", b -> b.startTimeout(Duration.ofNanos(-1))),
                refused("startTimeout out of range", b -> b.startTimeout(Duration.ofSeconds(Long.MAX_VALUE))));
    }

    private static Arguments refused(String message, PolicyStep step) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void refusesWhatIsOutOfRangeAndStaysUsable(String message, PolicyStep step) {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        assertThatThrownBy(() -> step.apply(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThat(builder.build()).isEqualTo(SpawnPolicy.defaults());
        PolicyStep.BY_PRINT.forEach((printed, valid) -> {
            if (!printed.contains("ession") && !printed.contains("Group") && !printed.contains("containment")) {
                assertThat(valid.apply(builder)).as(printed).isSameAs(builder);
            }
        });
    }

    static List<PolicyStep> nulls() {
        return List.of(
                b -> b.blockedSignals(null),
                b -> b.blockedSignals(Collections.singleton(null)),
                b -> b.ignoredSignals(null),
                b -> b.parentDeathSignal(null),
                b -> b.cpuAffinity((int[]) null),
                b -> b.resourceLimit(null, 0, 0),
                b -> b.extraFile(3, null),
                b -> b.startTimeout(null),
                b -> b.user(null),
                b -> b.group(null),
                b -> b.supplementaryGroups("mail", null),
                b -> b.keepCapabilities(Collections.singleton(null)),
                b -> b.joinCgroup(null),
                b -> b.pathLookup(null));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void refusesNull(PolicyStep step) {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        assertThatThrownBy(() -> step.apply(builder)).isInstanceOf(NullPointerException.class);
        assertThat(builder.build()).isEqualTo(SpawnPolicy.defaults());
    }

    @Test
    void refusesContradictions() {
        List<String> names = List.of("newSession", "newProcessGroup", "joinProcessGroup=4711");
        for (String first : names) {
            for (String second : names) {
                if (!first.equals(second)) {
                    SpawnPolicy.Builder builder = PolicyStep.BY_PRINT.get(first).apply(SpawnPolicy.builder());
                    assertThatThrownBy(() -> PolicyStep.BY_PRINT.get(second).apply(builder))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(
                                    second.replaceFirst("=.*", "") + " contradicts " + first.replaceFirst("=.*", ""));
                    assertThatThrownBy(() -> PolicyStep.BY_PRINT.get(second).apply(builder.build().toBuilder()))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }
}
