// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One call of a policy's builder. */
interface PolicyStep extends UnaryOperator<SpawnPolicy.Builder> {
    Redirect HOSTS = Redirect.from(new File("/etc/hosts"));

    /** A step for each setting that needs no other, by what the policy prints then. */
    Map<String, PolicyStep> BY_PRINT = settings();

    private static Map<String, PolicyStep> settings() {
        Map<String, PolicyStep> all = new LinkedHashMap<>();
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
        return BY_PRINT.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    static SpawnPolicy policy(PolicyStep step) {
        return step.apply(SpawnPolicy.builder()).build();
    }
}
