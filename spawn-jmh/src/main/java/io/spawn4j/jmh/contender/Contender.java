// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import io.spawn4j.Containment;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.jmh.contender.CLibrary.How;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everyone who is measured, each behind the same calls.
 *
 * <p>Some of them are chosen by a system property that is read once, so each contender runs in JVMs of its own, started
 * with {@link #jvmArguments()}.
 */
@SuppressWarnings("ImmutableEnumChecker") // policies, and the lists and maps of List.of and Map.of, do not change
public enum Contender {
    /** The native engine, cloning with clone3. */
    SPAWN4J_CLONE3(Group.PLAIN, "spawn4j native, clone3", SpawnPolicy.defaults(), nativeEngine("clone3")),
    /** The native engine, cloning with clone, as it does where a container's profile hides clone3. */
    SPAWN4J_CLONE(Group.PLAIN, "spawn4j native, clone", SpawnPolicy.defaults(), nativeEngine("clone")),
    /** The engine on libc's posix_spawn. */
    SPAWN4J_POSIX_SPAWN(
            Group.PLAIN, "spawn4j posix_spawn", SpawnPolicy.defaults(), Map.of("io.spawn4j.engine", "posix_spawn")),
    /** The JDK with its default mechanism, jspawnhelper. */
    PROCESS_BUILDER(Group.PLAIN, "ProcessBuilder, default"),
    /** The JDK with its vfork mechanism. */
    PROCESS_BUILDER_VFORK(Group.PLAIN, "ProcessBuilder, VFORK", null, launchMechanism("VFORK")),
    /** The JDK with its fork mechanism, which copies the JVM's page tables. */
    PROCESS_BUILDER_FORK(Group.PLAIN, "ProcessBuilder, FORK", null, launchMechanism("FORK")),

    /** posix_spawn and asynchronous pipes through JNA. */
    NUPROCESS(Group.RIVAL, "NuProcess 3.0.0"),
    /** ProcessBuilder, and threads that pump. */
    ZT_EXEC(Group.RIVAL, "zt-exec 1.12"),
    /** ProcessBuilder, and threads that pump. */
    COMMONS_EXEC(Group.RIVAL, "commons-exec 1.5.0"),

    /** posix_spawn and waitid in C, called through jnr-ffi in the same process: the yardstick. */
    C_POSIX_SPAWN(Group.C, "C, posix_spawn + waitid"),
    /** vfork, and the same steps as posix_spawn's by system calls of its own. */
    C_VFORK(Group.C, "C, vfork + exec"),
    /** The same after clone3. */
    C_CLONE3(Group.C, "C, clone3 CLONE_VFORK"),

    /** A signal that starts blocked. */
    SPAWN4J_BLOCKED_SIGNALS(
            Group.POLICY,
            "spawn4j, blockedSignals",
            SpawnPolicy.builder().blockedSignals(Set.of(Signal.SIGUSR1)).build()),
    /** A signal that starts ignored. */
    SPAWN4J_IGNORED_SIGNALS(
            Group.POLICY,
            "spawn4j, ignoredSignals",
            SpawnPolicy.builder().ignoredSignals(Set.of(Signal.SIGUSR1)).build()),
    /** A child that dies with the JVM. */
    SPAWN4J_PARENT_DEATH_SIGNAL(Group.POLICY, "spawn4j, parentDeathSignal", SpawnPolicy.dieWithParent()),
    /** A session of its own. */
    SPAWN4J_NEW_SESSION(
            Group.POLICY,
            "spawn4j, newSession",
            SpawnPolicy.builder().newSession().build()),
    /** A process group of its own. */
    SPAWN4J_NEW_PROCESS_GROUP(
            Group.POLICY,
            "spawn4j, newProcessGroup",
            SpawnPolicy.builder().newProcessGroup().build()),
    /** Another umask. */
    SPAWN4J_UMASK(
            Group.POLICY, "spawn4j, umask", SpawnPolicy.builder().umask(0077).build()),
    /** Hardly nicer than the JVM: the call counts, not what the scheduler makes of it. */
    SPAWN4J_NICE(Group.POLICY, "spawn4j, nice", SpawnPolicy.builder().nice(1).build()),
    /** Every CPU that there may be, for the same reason. */
    SPAWN4J_CPU_AFFINITY(
            Group.POLICY,
            "spawn4j, cpuAffinity",
            SpawnPolicy.builder()
                    .cpuAffinity(IntStream.range(0, 1024).toArray())
                    .build()),
    /** No core dumps. */
    SPAWN4J_RESOURCE_LIMIT(
            Group.POLICY,
            "spawn4j, resourceLimit",
            SpawnPolicy.builder().resourceLimit(ResourceLimit.CORE, 0, 0).build()),
    /** The JVM's standard error once more. */
    SPAWN4J_EXTRA_DESCRIPTOR(
            Group.POLICY,
            "spawn4j, extraDescriptor",
            SpawnPolicy.builder().extraDescriptor(3, 2).build()),
    /** A fourth descriptor on /dev/null. */
    SPAWN4J_EXTRA_FILE(
            Group.POLICY,
            "spawn4j, extraFile",
            SpawnPolicy.builder().extraFile(3, Redirect.DISCARD).build()),
    /** A start that is given up after half a minute. */
    SPAWN4J_START_TIMEOUT(
            Group.POLICY,
            "spawn4j, startTimeout",
            SpawnPolicy.builder().startTimeout(Duration.ofSeconds(30)).build()),

    /** An early victim of the kernel when memory runs out; any user may, and spawn4j-init writes it. */
    SPAWN4J_OOM_SCORE(
            Group.CONTAINED,
            "spawn4j, oomScore",
            SpawnPolicy.builder().oomScore(1000).build()),
    /** A process group under a spawn4j-init. */
    SPAWN4J_PROCESS_GROUP(Group.CONTAINED, "spawn4j, PROCESS_GROUP", containment(Containment.PROCESS_GROUP)),
    /** A spawn4j-init that is the tree's subreaper. */
    SPAWN4J_SUBREAPER(Group.CONTAINED, "spawn4j, SUBREAPER", containment(Containment.SUBREAPER)),
    /** A cgroup of its own. */
    SPAWN4J_CGROUP(Group.CONTAINED, "spawn4j, CGROUP", containment(Containment.CGROUP)),
    /** A PID namespace with its own /proc. */
    SPAWN4J_PID_NAMESPACE(Group.CONTAINED, "spawn4j, PID_NAMESPACE", containment(Containment.PID_NAMESPACE)),
    /** Another user, with his groups. */
    SPAWN4J_USER(
            Group.CONTAINED,
            "spawn4j, user",
            SpawnPolicy.builder().user("nobody").build()),
    /** No new privileges. */
    SPAWN4J_NO_NEW_PRIVILEGES(
            Group.CONTAINED,
            "spawn4j, noNewPrivileges",
            SpawnPolicy.builder().noNewPrivileges().build()),
    /** A session of its own, which nobody supervises. */
    PROCESS_BUILDER_SETSID("ProcessBuilder, setsid", "setsid"),
    /** A subreaper that forwards signals; it ends when the program does, whoever is left. */
    PROCESS_BUILDER_TINI("ProcessBuilder, tini", "tini", "-s", "--"),
    /** A PID namespace with its own /proc, whose pid 1 is the program. */
    PROCESS_BUILDER_UNSHARE("ProcessBuilder, unshare", "unshare", "--pid", "--fork", "--kill-child", "--mount-proc"),
    /** A PID namespace with its own /proc under a pid 1 of bubblewrap's. */
    PROCESS_BUILDER_BWRAP(
            "ProcessBuilder, bwrap",
            "bwrap",
            "--dev-bind",
            "/",
            "/",
            "--unshare-pid",
            "--proc",
            "/proc",
            "--die-with-parent"),
    /** Another user, with his groups, and none of the JVM's capabilities. */
    PROCESS_BUILDER_USER(
            "ProcessBuilder, setpriv --reuid",
            "setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--init-groups",
            "--inh-caps=-all"),
    /** No new privileges. */
    PROCESS_BUILDER_NO_NEW_PRIVILEGES("ProcessBuilder, setpriv --nnp", "setpriv", "--no-new-privs");

    /** Who is compared with whom. */
    public enum Group {
        /** spawn4j's three ways and ProcessBuilder's three. */
        PLAIN,
        /** Other libraries for Java. */
        RIVAL,
        /** What the kernel and libc need for the same work. */
        C,
        /** spawn4j with one setting beside its defaults, which the new process makes before its exec. */
        POLICY,
        /**
         * Those that hold the child's tree, change its credentials, or run a program of their own before the one that
         * is asked for. What they are to do costs more than a plain start.
         */
        CONTAINED;

        /** Its members. */
        public List<Contender> contenders() {
            return Stream.of(Contender.values())
                    .filter(contender -> contender.group == this)
                    .toList();
        }
    }

    private final Group group;
    private final String label;

    /** What spawn4j is asked for, or null for everyone else. */
    private final @Nullable SpawnPolicy policy;

    /** The system properties that its JVM needs. */
    private final Map<String, String> properties;

    /** The command line in front of the program's. */
    private final List<String> wrapper;

    Contender(Group group, String label) {
        this(group, label, null, Map.of());
    }

    Contender(Group group, String label, SpawnPolicy policy) {
        this(group, label, policy, nativeEngine("clone3"));
    }

    Contender(Group group, String label, @Nullable SpawnPolicy policy, Map<String, String> properties) {
        this(group, label, policy, properties, List.of());
    }

    /** ProcessBuilder with a program that contains or changes credentials. */
    Contender(String label, String... wrapper) {
        this(Group.CONTAINED, label, null, Map.of(), List.of(wrapper));
    }

    Contender(
            Group group,
            String label,
            @Nullable SpawnPolicy policy,
            Map<String, String> properties,
            List<String> wrapper) {
        this.group = group;
        this.label = label;
        this.policy = policy;
        this.properties = properties;
        this.wrapper = wrapper;
    }

    private static SpawnPolicy containment(Containment containment) {
        return SpawnPolicy.builder().containment(containment).build();
    }

    private static Map<String, String> nativeEngine(String clone) {
        return Map.of("io.spawn4j.engine", "native", "io.spawn4j.native.clone", clone);
    }

    private static Map<String, String> launchMechanism(String mechanism) {
        return Map.of("jdk.lang.Process.launchMechanism", mechanism);
    }

    /** Who it is compared with. */
    public Group group() {
        return group;
    }

    /** Whether it is spawn4j, whatever the engine. */
    public boolean isSpawn4j() {
        return policy != null;
    }

    /** Whether it is spawn4j with more than its defaults. */
    public boolean hasPolicy() {
        return policy != null && !policy.equals(SpawnPolicy.defaults());
    }

    /**
     * The program that ProcessBuilder starts in the measured one's stead, with its options; empty where there is none.
     */
    public List<String> wrapper() {
        return wrapper;
    }

    /** What a report calls it. */
    public String label() {
        return label;
    }

    /** The label where it is the denominator. */
    public String shortName() {
        return switch (this) {
            case C_POSIX_SPAWN -> "C";
            case PROCESS_BUILDER -> "ProcessBuilder";
            case SPAWN4J_CLONE3 -> "spawn4j";
            default -> label;
        };
    }

    /** What the JVM that measures this contender must be started with. */
    public List<String> jvmArguments() {
        return properties.entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .sorted()
                .toList();
    }

    /**
     * Throws unless this JVM runs the contender that it is asked for: a label over another's figures is worse than
     * none.
     */
    public void requireThisJvm() {
        properties.forEach((name, value) -> {
            if (!value.equals(System.getProperty(name))) {
                throw new IllegalStateException(this + " needs a JVM with " + String.join(" ", jvmArguments())
                        + ": run it through io.spawn4j.jmh.Report");
            }
        });
        requireServed();
    }

    /** Throws unless spawn4j runs as this contender's label says in this JVM, asked to or by its own choice. */
    public void requireServed() {
        if (isSpawn4j() && !isServedBy(SpawnCapabilities.current())) {
            throw new IllegalStateException(
                    this + " was asked for, but what runs here is\n" + SpawnCapabilities.current());
        }
    }

    private boolean isServedBy(SpawnCapabilities current) {
        boolean clone3 = current.rows().stream().anyMatch(row -> row.name().startsWith("clone3") && row.available());
        return current.engine().equals(properties.get("io.spawn4j.engine"))
                && clone3 == "clone3".equals(properties.get("io.spawn4j.native.clone"));
    }

    /** Whether it calls native functions from Java, which JDK 24 and newer want to be allowed. */
    public boolean callsNativeFunctions() {
        return isSpawn4j() || group == Group.C || this == NUPROCESS;
    }

    /** Whether {@link Prepared#start()} gives a child, and not only whole operations are to be had. */
    public boolean startsChildren() {
        return this != ZT_EXEC && this != COMMONS_EXEC;
    }

    /** Whether it can start such a command: the other libraries have pipes only, and C the JVM's environment only. */
    public boolean supports(Command command) {
        return switch (group) {
            case RIVAL -> command.streams() == Streams.PIPES;
            case C -> command.variables().isEmpty();
            case PLAIN, POLICY, CONTAINED -> true;
        };
    }

    /**
     * What starts this command as this contender does.
     *
     * @throws IllegalArgumentException if it does not {@linkplain #supports support} it
     */
    public Prepared prepare(Command command) {
        if (!supports(command)) {
            throw new IllegalArgumentException(this + " cannot start " + command);
        }
        return switch (this) {
            case NUPROCESS -> new NuProcessStarter(command);
            case ZT_EXEC -> new ZtExecStarter(command);
            case COMMONS_EXEC -> new CommonsExecStarter(command);
            case C_POSIX_SPAWN -> new CStarter(How.POSIX_SPAWN, command);
            case C_VFORK -> new CStarter(How.VFORK, command);
            case C_CLONE3 -> new CStarter(How.CLONE3, command);
            default -> processStarter(command);
        };
    }

    /** What gives a {@link Process}; for spawn4j and ProcessBuilder only. */
    ProcessStarter processStarter(Command command) {
        return policy != null ? new Spawn4jStarter(command, policy) : new ProcessBuilderStarter(wrapper, command);
    }
}
