// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Capability;
import io.spawn4j.Containment;
import io.spawn4j.Leftovers;
import io.spawn4j.Signal;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.PolicyBits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The argument vector of spawn4j-init: its settings as text, in the order of {@code struct init_config}, then the
 * program.
 */
public final class InitArguments {
    private static final int VERSION = 2;

    private static final int OOM_SCORE = 1;
    private static final int CGROUP = 2;
    private static final int CAPABILITIES = 32;
    private static final int NO_NEW_PRIVILEGES = 64;

    /** Of cpu.max: the kernel's own, since spawn4j-init writes none. */
    private static final int CPU_PERIOD_MICROS = 100_000;

    private final InitSettings settings;
    private final SpawnPolicy policy;

    private InitArguments(InitSettings settings) {
        this.settings = settings;
        this.policy = settings.policy();
    }

    /**
     * The numbers under which spawn4j-init gets descriptors of its own.
     *
     * @param answer its socket
     * @param cgroup {@code cgroup.procs} to write to, or -1
     * @param leafParent the directory to make a cgroup in, or -1
     * @param above larger than every number of the program's
     */
    public record Descriptors(int answer, int cgroup, int leafParent, int above) {}

    /** Those for one start. {@code candidates} are the paths to try, {@code command} the program's own arguments. */
    public static List<byte[]> of(
            InitSettings settings, Descriptors descriptors, List<byte[]> candidates, List<byte[]> command) {
        List<byte[]> arguments = new ArrayList<>(candidates.size() + command.size() + 3);
        arguments.add(ascii("spawn4j-init"));
        arguments.add(ascii(new InitArguments(settings).config(descriptors, candidates.size())));
        arguments.addAll(candidates);
        arguments.add(ascii("")); // room for the shell of a script without #!
        arguments.addAll(command);
        return arguments;
    }

    private String config(Descriptors descriptors, int candidates) {
        StringBuilder text = new StringBuilder();
        Credentials credentials = settings.credentials();
        long[] groups = credentials.groups();
        long[] affinity = policy.cpuAffinity().toLongArray();
        long[] numbers = {
            VERSION,
            descriptors.answer,
            flags() | credentials.present(),
            candidates,
            policy.parentDeathSignal().map(Signal::number).orElse(0),
            ProcessHandle.current().pid(),
            policy.oomScore().orElse(0),
            descriptors.cgroup,
            credentials.uid(),
            credentials.gid(),
            capabilities(),
            groups.length,
            rung(settings.containment()),
            leftover(policy.leftovers()),
            descriptors.above,
            descriptors.leafParent,
            settings.leaf(),
            settings.avoidsClone3() ? 1 : 0,
            policy.cgroupMemoryMax().orElse(0),
            policy.cgroupPidsMax().orElse(0),
            Math.round(policy.cgroupCpuMax().orElse(0) * CPU_PERIOD_MICROS),
            PolicyBits.flags(policy),
            policy.joinProcessGroup().orElse(0),
            policy.umask().orElse(0),
            policy.nice().orElse(0),
            PolicyBits.signalSet(policy.blockedSignals()),
            PolicyBits.signalSet(policy.ignoredSignals()),
            affinity.length,
            policy.resourceLimits().size(),
        };
        append(text, numbers);
        append(text, groups);
        append(text, affinity);
        policy.resourceLimits()
                .forEach((resource, limit) -> append(text, resource.number(), limit.soft(), limit.hard()));
        return text.toString();
    }

    private int flags() {
        return (policy.oomScore().isPresent() ? OOM_SCORE : 0)
                | (policy.joinCgroup().isPresent() ? CGROUP : 0)
                | (policy.keepCapabilities().isPresent() ? CAPABILITIES : 0)
                | (policy.noNewPrivileges() ? NO_NEW_PRIVILEGES : 0);
    }

    private static int rung(Containment containment) {
        return switch (containment) {
            case NONE -> 0;
            case PROCESS_GROUP -> 1;
            case SUBREAPER -> 2;
            case CGROUP -> 3;
            case PID_NAMESPACE -> 4;
        };
    }

    private static int leftover(Leftovers leftovers) {
        return switch (leftovers) {
            case LEAVE -> 0;
            case KILL -> 1;
            case WAIT -> 2;
        };
    }

    private static void append(StringBuilder text, long... numbers) {
        for (long number : numbers) {
            text.append(number).append(',');
        }
    }

    private long capabilities() {
        long bits = 0;
        for (Capability capability : policy.keepCapabilities().orElse(Set.of())) {
            bits |= 1L << capability.number();
        }
        return bits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
