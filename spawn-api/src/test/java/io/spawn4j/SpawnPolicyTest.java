// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static io.spawn4j.ResourceLimit.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpawnPolicyTest {
    private static final Redirect HOSTS = Redirect.from(new File("/etc/hosts"));

    private interface Step extends UnaryOperator<SpawnPolicy.Builder> {}

    private static final Map<String, Step> SETTINGS = settings();

    private static Map<String, Step> settings() {
        Map<String, Step> all = new LinkedHashMap<>();
        all.put("blockedSignals=[SIGUSR1]", b -> b.blockedSignals(Set.of(Signal.SIGUSR1)));
        all.put("ignoredSignals=[SIGINT, SIGPIPE]", b -> b.ignoredSignals(Set.of(Signal.SIGPIPE, Signal.SIGINT)));
        all.put("parentDeathSignal=SIGTERM", b -> b.parentDeathSignal(Signal.SIGTERM));
        all.put("newSession", SpawnPolicy.Builder::newSession);
        all.put("newProcessGroup", SpawnPolicy.Builder::newProcessGroup);
        all.put("joinProcessGroup=4711", b -> b.joinProcessGroup(4711));
        all.put("umask=0022", b -> b.umask(022));
        all.put("nice=-5", b -> b.nice(-5));
        all.put("cpuAffinity={0, 3}", b -> b.cpuAffinity(3, 0));
        all.put("resourceLimits={NOFILE=64:128}", b -> b.resourceLimit(ResourceLimit.NOFILE, 64, 128));
        all.put("extraDescriptors={5=17}", b -> b.extraDescriptor(5, 17));
        all.put("extraFiles={4=redirect to read from file \"" + HOSTS.file() + "\"}", b -> b.extraFile(4, HOSTS));
        all.put("startTimeout=PT2.5S", b -> b.startTimeout(Duration.ofMillis(2500)));
        all.put("oomScore=-1000", b -> b.oomScore(-1000));
        all.put("joinCgroup=/sys/fs/cgroup/x", b -> b.joinCgroup(Path.of("/sys/fs/cgroup/x")));
        all.put("user=nobody", b -> b.user("nobody"));
        all.put("group=17", b -> b.group("017"));
        all.put("supplementaryGroups=[4711, mail]", b -> b.supplementaryGroups("mail", "4711"));
        all.put(
                "keepCapabilities=[CAP_CHOWN, CAP_KILL]",
                b -> b.keepCapabilities(Set.of(Capability.CAP_KILL, Capability.CAP_CHOWN)));
        all.put("noNewPrivileges", SpawnPolicy.Builder::noNewPrivileges);
        all.put("containment=[SUBREAPER]", b -> b.containment(Containment.SUBREAPER));
        all.put("pathLookup=CHILD", b -> b.pathLookup(PathLookup.CHILD));
        return all;
    }

    static Stream<Arguments> everySetting() {
        return SETTINGS.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static SpawnPolicy policy(Step step) {
        return step.apply(SpawnPolicy.builder()).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everySetting")
    void printsWhatIsSetAndNothingElse(String printed, Step step) {
        assertThat(policy(step)).hasToString("SpawnPolicy{" + printed + "}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everySetting")
    void refusesToBeSetTwice(String printed, Step step) {
        SpawnPolicy.Builder builder = step.apply(SpawnPolicy.builder());
        String name = printed.startsWith("resource")
                ? "resourceLimit(NOFILE)"
                : printed.startsWith("extra") ? "of the child" : printed.replaceFirst("=.*", "");
        assertThatThrownBy(() -> step.apply(builder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageEndingWith("is already set");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everySetting")
    void toBuilderKeepsItAndLetsItBeSetOnceMore(String printed, Step step) {
        SpawnPolicy policy = policy(step);
        SpawnPolicy.Builder builder = policy.toBuilder();
        assertThat(builder.build()).isEqualTo(policy);
        assertThat(step.apply(builder).build()).isEqualTo(policy);
        assertThatThrownBy(() -> step.apply(builder)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everySetting")
    void equalsByWhatIsSet(String printed, Step step) {
        assertThat(policy(step))
                .isEqualTo(policy(step))
                .hasSameHashCodeAs(policy(step))
                .isNotEqualTo(SpawnPolicy.defaults());
        SETTINGS.forEach((other, otherStep) -> {
            if (!other.equals(printed)) {
                assertThat(policy(step)).isNotEqualTo(policy(otherStep));
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
                .isEqualTo(policy(b -> b.parentDeathSignal(Signal.SIGKILL)));
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
                .extraFile(7, HOSTS)
                .resourceLimit(ResourceLimit.AS, 1, 1)
                .newSession();
        policy.cpuAffinity().set(9);

        assertThat(policy).hasToString(before);
        assertThatThrownBy(() -> policy.extraDescriptors().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> policy.resourceLimits().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(builder.build().extraDescriptors()).containsOnlyKeys(5, 6);
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
                refused("descriptor of the child out of range 3 to 1023: 0", b -> b.extraFile(0, HOSTS)),
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

    private static Arguments refused(String message, Step step) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void refusesWhatIsOutOfRangeAndStaysUsable(String message, Step step) {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        assertThatThrownBy(() -> step.apply(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThat(builder.build()).isEqualTo(SpawnPolicy.defaults());
        SETTINGS.forEach((printed, valid) -> {
            if (!printed.contains("ession") && !printed.contains("Group") && !printed.contains("containment")) {
                assertThat(valid.apply(builder)).as(printed).isSameAs(builder);
            }
        });
    }

    static List<Step> nulls() {
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
    void refusesNull(Step step) {
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
                    SpawnPolicy.Builder builder = SETTINGS.get(first).apply(SpawnPolicy.builder());
                    assertThatThrownBy(() -> SETTINGS.get(second).apply(builder))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(
                                    second.replaceFirst("=.*", "") + " contradicts " + first.replaceFirst("=.*", ""));
                    assertThatThrownBy(() -> SETTINGS.get(second).apply(builder.build().toBuilder()))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        }
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

    static List<Step> cgroupLimits() {
        return List.of(b -> b.cgroupMemoryMax(65_536), b -> b.cgroupPidsMax(4_194_304), b -> b.cgroupCpuMax(0.01));
    }

    @ParameterizedTest
    @MethodSource("cgroupLimits")
    void cgroupLimitsNeedACgroupAndNothingInItsStead(Step limit) {
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

    private static void contradicts(Step one, Step other) {
        for (List<Step> order : List.of(List.of(one, other), List.of(other, one))) {
            SpawnPolicy.Builder builder = SpawnPolicy.builder();
            assertThat(order.get(0).apply(builder)).isSameAs(builder);
            SpawnPolicy before = builder.build();
            assertThatThrownBy(() -> order.get(1).apply(builder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("contradicts");
            assertThat(builder.build()).isEqualTo(before);
        }
    }

    @Test
    void oneNumberOfTheChildHoldsOneThing() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder().extraDescriptor(5, 9);
        assertThatThrownBy(() -> builder.extraFile(5, HOSTS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("descriptor 5 of the child is already set");

        SpawnPolicy replaced = builder.build().toBuilder().extraFile(5, HOSTS).build();
        assertThat(replaced.extraDescriptors()).isEmpty();
        assertThat(replaced.extraFiles()).containsOnlyKeys(5);
    }

    @Test
    void holdsTwoHundredAndFortyEightExtras() {
        SpawnPolicy.Builder builder = SpawnPolicy.builder();
        for (int childFd = 3; childFd < 251; childFd++) {
            builder = childFd % 2 == 0 ? builder.extraDescriptor(childFd, 9) : builder.extraFile(childFd, HOSTS);
        }
        SpawnPolicy.Builder full = builder;
        assertThatThrownBy(() -> full.extraDescriptor(251, 9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than 248");
        SpawnPolicy policy = full.build();
        assertThat(policy.extraDescriptors().size() + policy.extraFiles().size())
                .isEqualTo(248);
        assertThat(policy.toBuilder().extraFile(4, HOSTS).build().extraFiles()).hasSize(125);
    }
}
