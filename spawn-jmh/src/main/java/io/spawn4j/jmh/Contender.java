// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.Containment;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnPolicy;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everyone who is measured, each behind the same call.
 *
 * <p>Three of them are chosen by a system property that is read once, so each contender runs in JVMs of its own, started with
 * {@link #jvmArguments()}.
 *
 * <p>Those that hold the child's tree or change its credentials are compared among themselves, in {@link Scenario#inContainment()}: what they
 * are to do costs more than a plain start.
 */
@SuppressWarnings("ImmutableEnumChecker") // policies and List.of's lists do not change
public enum Contender {
    /** The native engine, cloning with clone3. */
    SPAWN4J_CLONE3("spawn4j native, clone3"),
    /** The native engine, cloning with clone, as it does where a container's profile hides clone3. */
    SPAWN4J_CLONE("spawn4j native, clone"),
    /** The engine on libc's posix_spawn. */
    SPAWN4J_POSIX_SPAWN("spawn4j posix_spawn"),
    /** The JDK with its default mechanism, jspawnhelper. */
    PROCESS_BUILDER("ProcessBuilder, default"),
    /** The JDK with its vfork mechanism. */
    PROCESS_BUILDER_VFORK("ProcessBuilder, VFORK"),
    /** posix_spawn and waitid in C, called through jnr-ffi in the same process: the yardstick. */
    C_POSIX_SPAWN("C, posix_spawn + waitid"),

    /** A process group under a spawn4j-init. */
    SPAWN4J_PROCESS_GROUP("spawn4j, PROCESS_GROUP", containment(Containment.PROCESS_GROUP)),
    /** A spawn4j-init that is the tree's subreaper. */
    SPAWN4J_SUBREAPER("spawn4j, SUBREAPER", containment(Containment.SUBREAPER)),
    /** A cgroup of its own. */
    SPAWN4J_CGROUP("spawn4j, CGROUP", containment(Containment.CGROUP)),
    /** A PID namespace with its own /proc. */
    SPAWN4J_PID_NAMESPACE("spawn4j, PID_NAMESPACE", containment(Containment.PID_NAMESPACE)),
    /** Another user, with his groups. */
    SPAWN4J_USER("spawn4j, user", SpawnPolicy.builder().user("nobody").build()),
    /** No new privileges. */
    SPAWN4J_NO_NEW_PRIVILEGES(
            "spawn4j, noNewPrivileges", SpawnPolicy.builder().noNewPrivileges().build()),
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

    private static final File DEV_NULL = new File("/dev/null");

    private final String label;

    /** What spawn4j is asked for beside its defaults, or null. */
    private final @Nullable SpawnPolicy policy;

    /** The command line in front of the program's. */
    private final List<String> wrapper;

    Contender(String label) {
        this(label, null, List.of());
    }

    Contender(String label, SpawnPolicy policy) {
        this(label, policy, List.of());
    }

    Contender(String label, String... wrapper) {
        this(label, null, List.of(wrapper));
    }

    Contender(String label, @Nullable SpawnPolicy policy, List<String> wrapper) {
        this.label = label;
        this.policy = policy;
        this.wrapper = wrapper;
    }

    private static SpawnPolicy containment(Containment containment) {
        return SpawnPolicy.builder().containment(containment).build();
    }

    /** Those that start the program and nothing else. */
    static List<Contender> plain() {
        return Stream.of(values()).filter(Contender::isPlain).toList();
    }

    boolean isPlain() {
        return policy == null && wrapper.isEmpty();
    }

    /** Whether it is spawn4j with more than its defaults. */
    boolean hasPolicy() {
        return policy != null;
    }

    /** The program that ProcessBuilder starts in the measured one's stead, with its options; empty where there is none. */
    List<String> wrapper() {
        return wrapper;
    }

    String label() {
        return label;
    }

    /** The label where it is the denominator. */
    String shortName() {
        return switch (this) {
            case C_POSIX_SPAWN -> "C";
            case PROCESS_BUILDER -> "ProcessBuilder";
            case SPAWN4J_CLONE3 -> "spawn4j";
            default -> label;
        };
    }

    private Map<String, String> properties() {
        return switch (this) {
            case SPAWN4J_CLONE3,
                    SPAWN4J_PROCESS_GROUP,
                    SPAWN4J_SUBREAPER,
                    SPAWN4J_CGROUP,
                    SPAWN4J_PID_NAMESPACE,
                    SPAWN4J_USER,
                    SPAWN4J_NO_NEW_PRIVILEGES ->
                Map.of("io.spawn4j.engine", "native", "io.spawn4j.native.clone", "clone3");
            case SPAWN4J_CLONE -> Map.of("io.spawn4j.engine", "native", "io.spawn4j.native.clone", "clone");
            case SPAWN4J_POSIX_SPAWN -> Map.of("io.spawn4j.engine", "posix_spawn");
            case PROCESS_BUILDER_VFORK -> Map.of("jdk.lang.Process.launchMechanism", "VFORK");
            case PROCESS_BUILDER,
                    C_POSIX_SPAWN,
                    PROCESS_BUILDER_SETSID,
                    PROCESS_BUILDER_TINI,
                    PROCESS_BUILDER_UNSHARE,
                    PROCESS_BUILDER_BWRAP,
                    PROCESS_BUILDER_USER,
                    PROCESS_BUILDER_NO_NEW_PRIVILEGES -> Map.of();
        };
    }

    /** What the JVM that measures this contender must be started with. */
    List<String> jvmArguments() {
        return properties().entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .sorted()
                .toList();
    }

    /** Throws unless this JVM runs the contender that it is asked for: a label over another's figures is worse than none. */
    void requireThisJvm() {
        properties().forEach((name, value) -> {
            if (!value.equals(System.getProperty(name))) {
                throw new IllegalStateException(this + " needs a JVM with " + String.join(" ", jvmArguments())
                        + ": run it through " + Report.class.getName());
            }
        });
        String engine = properties().get("io.spawn4j.engine");
        if (engine != null && !isServedBy(engine, SpawnCapabilities.current())) {
            throw new IllegalStateException(
                    this + " was asked for, but what runs here is\n" + SpawnCapabilities.current());
        }
    }

    private boolean isServedBy(String engine, SpawnCapabilities current) {
        boolean clone3 = current.rows().stream().anyMatch(row -> row.name().startsWith("clone3") && row.available());
        return engine.equals(current.engine())
                && clone3 == "clone3".equals(properties().get("io.spawn4j.native.clone"));
    }

    /**
     * Starts the program without arguments, waits for it, checks that its exit code is 0 and closes what is left of it.
     *
     * @param pipes three pipes to the child as its standard streams (a builder's default); otherwise /dev/null, opened
     *     anew for each of them
     */
    void spawnAndWait(Program program, boolean pipes) throws IOException, InterruptedException {
        if (this == C_POSIX_SPAWN) {
            CLibrary.instance().spawnAndWait(program, pipes);
        } else {
            finish(start(pipes, program.path()), pipes);
        }
    }

    /** Starts a command as this contender does; not for the one in C. */
    Process start(boolean pipes, String... command) throws IOException {
        return properties().containsKey("io.spawn4j.engine") ? spawn4j(pipes, command) : processBuilder(pipes, command);
    }

    private Process spawn4j(boolean pipes, String... command) throws IOException {
        SpawnBuilder builder = new SpawnBuilder(command);
        if (policy != null) {
            builder.policy(policy);
        }
        if (!pipes) {
            builder.redirectInput(DEV_NULL).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        }
        return builder.start();
    }

    private Process processBuilder(boolean pipes, String... command) throws IOException {
        List<String> whole = new ArrayList<>(wrapper);
        whole.addAll(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(whole);
        if (!pipes) {
            builder.redirectInput(DEV_NULL).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        }
        return builder.start();
    }

    private void finish(Process process, boolean pipes) throws IOException, InterruptedException {
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(this + ": the child ended with " + code);
        }
        if (pipes) {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }
}
