// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnPolicy.Limit;
import io.spawn4j.linux.child.PolicyBits;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every setting shows in the child, as the kernel tells it, and never in the JVM. */
class PolicyEffectsTest {
    private static final List<String> OF_THE_PROCESS = List.of(
            "Umask", "SigBlk", "SigIgn", "SigCgt", "Cpus_allowed_list", "NSpgid", "NSsid", "CapEff", "NoNewPrivs");
    private static final Set<String> OWN_THREADS = Set.of("java", "spawn4j-events", "spawn4j-spawner");
    private static final String UNLIMITED = "unlimited";

    private Map<String, String> before;

    @BeforeEach
    void lookAtTheJvm() throws IOException {
        ChildState.under(SpawnPolicy.defaults());
        before = attributesOfTheJvm();
    }

    @AfterEach
    void jvmIsAsBefore() throws IOException {
        assertThat(attributesOfTheJvm()).isEqualTo(before);
    }

    private static Map<String, String> attributesOfTheJvm() throws IOException {
        Map<String, String> attributes = new TreeMap<>();
        for (String field : OF_THE_PROCESS) {
            attributes.put(field, ProcFs.status(ProcFs.self(), field).orElse(""));
        }
        attributes.put("limits", Files.readString(Path.of("/proc/self/limits")));
        attributes.put("cwd", Files.readSymbolicLink(Path.of("/proc/self/cwd")).toString());
        attributes.put("oom", Files.readString(Path.of("/proc/self/oom_score_adj")));
        ProcFs.threads().forEach((thread, name) -> {
            if (OWN_THREADS.contains(name)) {
                attributes.put(
                        "nice of " + name, Integer.toString(TestTools.natives().nice(thread)));
            }
        });
        return attributes;
    }

    private static SpawnPolicy.Builder policy() {
        return SpawnPolicy.builder();
    }

    @Test
    void blockedSignalsAreBlocked() {
        Set<Signal> signals =
                EnumSet.of(Signal.SIGHUP, Signal.SIGCHLD, Signal.SIGSYS, Signal.SIGRTMIN, Signal.SIGRTMAX);
        assertThat(ChildState.under(policy().blockedSignals(signals).build()))
                .containsEntry("SigBlk", hex(signals))
                .containsEntry("SigIgn", hex(Set.of()));
    }

    @Test
    @RequiresNativeEngine
    void ignoredSignalsAreIgnored() {
        Set<Signal> signals = EnumSet.of(Signal.SIGINT, Signal.SIGQUIT, Signal.SIGPIPE, Signal.SIGRTMAX);
        assertThat(ChildState.under(policy().ignoredSignals(signals).build()))
                .containsEntry("SigIgn", hex(signals))
                .containsEntry("SigBlk", hex(Set.of()));
    }

    @Test
    @RequiresNativeEngine
    void everyMaskableSignalCanBeBlockedAndIgnored() {
        Set<Signal> all = EnumSet.complementOf(EnumSet.of(Signal.SIGKILL, Signal.SIGSTOP, Signal.SIG32, Signal.SIG33));
        assertThat(ChildState.under(
                        policy().blockedSignals(all).ignoredSignals(all).build()))
                .containsEntry("SigBlk", hex(all))
                .containsEntry("SigIgn", hex(all));
    }

    private static String hex(Set<Signal> signals) {
        return "%016x".formatted(PolicyBits.signalSet(signals));
    }

    @Test
    void newSessionIsLedByTheChild() {
        Map<String, String> state = ChildState.under(policy().newSession().build());
        assertThat(state).containsEntry("sid", state.get("pid")).containsEntry("pgid", state.get("pid"));
    }

    @Test
    void newProcessGroupIsLedByTheChildInTheJvmsSession() {
        Map<String, String> state = ChildState.under(policy().newProcessGroup().build());
        assertThat(state).containsEntry("pgid", state.get("pid")).containsEntry("sid", before.get("NSsid"));
    }

    @Test
    void childJoinsAnothersGroup() throws InterruptedException {
        ChildProcess leader = (ChildProcess) ChildState.start(new SpawnBuilder("sleep", "600")
                .policy(policy().newProcessGroup().build()));
        try {
            assertThat(ChildState.under(policy().joinProcessGroup(leader.pid()).build()))
                    .containsEntry("pgid", Long.toString(leader.pid()))
                    .containsEntry("sid", before.get("NSsid"));
        } finally {
            leader.destroyForcibly().waitFor();
        }
    }

    @Test
    void withoutThemSessionAndGroupAreTheJvms() {
        assertThat(ChildState.under(SpawnPolicy.defaults()))
                .containsEntry("pgid", before.get("NSpgid"))
                .containsEntry("sid", before.get("NSsid"))
                .containsEntry("ppid", Long.toString(ProcFs.self()));
    }

    @Test
    @RequiresNativeEngine
    void umaskIsTheChilds() {
        for (int mask : new int[] {0, 0077, 0777}) {
            assertThat(ChildState.under(policy().umask(mask).build())).containsEntry("umask", "%04o".formatted(mask));
        }
    }

    @Test
    @RequiresNativeEngine
    void niceIsTheValueItself() {
        assertThat(ChildState.under(policy().nice(19).build())).containsEntry("nice", "19");
    }

    @Test
    @RequiresNativeEngine
    void affinityIsTheChilds() {
        String[] allowed =
                ChildState.under(SpawnPolicy.defaults()).get("affinity").split(",");
        for (String cpu : allowed) {
            assertThat(ChildState.under(
                            policy().cpuAffinity(Integer.parseInt(cpu)).build()))
                    .containsEntry("affinity", cpu);
        }
        int[] all = Arrays.stream(allowed).mapToInt(Integer::parseInt).toArray();
        assertThat(ChildState.under(policy().cpuAffinity(all).build()))
                .containsEntry("affinity", String.join(",", allowed));
    }

    @Test
    @RequiresNativeEngine
    void cpusThatAreNotThereAreLeftOut() {
        String first = ChildState.under(SpawnPolicy.defaults()).get("affinity").split(",")[0];
        assertThat(ChildState.under(
                        policy().cpuAffinity(Integer.parseInt(first), 1023).build()))
                .containsEntry("affinity", first);
    }

    /** As /proc/self/limits calls them. */
    private static final Map<ResourceLimit, String> LIMIT_NAMES = new EnumMap<>(Map.ofEntries(
            Map.entry(ResourceLimit.CPU, "Max cpu time"),
            Map.entry(ResourceLimit.FSIZE, "Max file size"),
            Map.entry(ResourceLimit.DATA, "Max data size"),
            Map.entry(ResourceLimit.STACK, "Max stack size"),
            Map.entry(ResourceLimit.CORE, "Max core file size"),
            Map.entry(ResourceLimit.RSS, "Max resident set"),
            Map.entry(ResourceLimit.NPROC, "Max processes"),
            Map.entry(ResourceLimit.NOFILE, "Max open files"),
            Map.entry(ResourceLimit.MEMLOCK, "Max locked memory"),
            Map.entry(ResourceLimit.AS, "Max address space"),
            Map.entry(ResourceLimit.LOCKS, "Max file locks"),
            Map.entry(ResourceLimit.SIGPENDING, "Max pending signals"),
            Map.entry(ResourceLimit.MSGQUEUE, "Max msgqueue size"),
            Map.entry(ResourceLimit.NICE, "Max nice priority"),
            Map.entry(ResourceLimit.RTPRIO, "Max realtime priority"),
            Map.entry(ResourceLimit.RTTIME, "Max realtime timeout")));

    @ParameterizedTest
    @EnumSource(ResourceLimit.class)
    @RequiresNativeEngine
    void resourceLimitIsTheChildsAndNoOtherChanges(ResourceLimit resource) throws IOException {
        Map<String, String> expected = limits(Files.readString(Path.of("/proc/self/limits")));
        String hardNow = expected.get(LIMIT_NAMES.get(resource)).split(" ")[1];
        // Enough for the child to run, and no hard limit above what an ordinary user has.
        long ceiling = hardNow.equals(UNLIMITED) ? Long.MAX_VALUE : Long.parseLong(hardNow);
        long roomy = resource == ResourceLimit.CPU || resource == ResourceLimit.NOFILE ? 500 : 1L << 32;
        long hard = Math.min(ceiling, roomy);
        long soft = hard > 1 ? hard - 1 : hard;
        expected.put(LIMIT_NAMES.get(resource), soft + " " + hard);
        assertThat(limitsUnder(policy().resourceLimit(resource, soft, hard).build()))
                .isEqualTo(expected);
    }

    @Test
    @RequiresNativeEngine
    void unlimitedIsUnlimited() {
        // The one that nothing enforces is unlimited for everybody.
        assertThat(limitsUnder(policy().resourceLimit(ResourceLimit.RSS, 1 << 20, ResourceLimit.UNLIMITED)
                        .build()))
                .containsEntry(LIMIT_NAMES.get(ResourceLimit.RSS), (1 << 20) + " " + UNLIMITED);
    }

    @Test
    @RequiresNativeEngine
    void severalSettingsHoldTogether() {
        SpawnPolicy policy = policy().newSession()
                .umask(0007)
                .nice(15)
                .parentDeathSignal(Signal.SIGTERM)
                .blockedSignals(Set.of(Signal.SIGUSR1))
                .ignoredSignals(Set.of(Signal.SIGPIPE))
                .resourceLimit(ResourceLimit.CORE, 0, 0)
                .resourceLimit(ResourceLimit.NOFILE, 32, 32)
                .build();
        Map<String, String> state = ChildState.under(policy);
        assertThat(state)
                .containsEntry("sid", state.get("pid"))
                .containsEntry("umask", "0007")
                .containsEntry("nice", "15")
                .containsEntry("pdeathsig", "15")
                .containsEntry("SigBlk", hex(Set.of(Signal.SIGUSR1)))
                .containsEntry("SigIgn", hex(Set.of(Signal.SIGPIPE)))
                .containsEntry("CORE", new Limit(0, 0).soft() + ":0")
                .containsEntry("NOFILE", "32:32");
    }

    private static Map<String, String> limitsUnder(SpawnPolicy policy) {
        return limits(ChildState.output(ChildState.start(new SpawnBuilder("cat", "/proc/self/limits").policy(policy))));
    }

    /** "soft hard" by name. */
    private static Map<String, String> limits(String text) {
        return text.lines()
                .skip(1)
                .collect(Collectors.toMap(
                        line -> line.substring(0, 26).strip(),
                        line -> String.join(
                                " ",
                                Arrays.asList(line.substring(26).strip().split(" +"))
                                        .subList(0, 2)),
                        (a, b) -> a,
                        TreeMap::new));
    }
}
