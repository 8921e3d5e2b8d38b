// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.Capability;
import io.spawn4j.Containment;
import io.spawn4j.Leftovers;
import io.spawn4j.Signal;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.spi.SpawnRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What spawn4j-init is to do for one request, with names looked up; its text is that of {@code struct init_config}. */
final class InitSettings {
    private static final int VERSION = 2;
    private static final int MAX_GROUPS = 8192; // INIT_MAX_GROUPS

    private static final int OOM_SCORE = 1;
    private static final int CGROUP = 2;
    private static final int GROUPS = 4;
    private static final int GID = 8;
    private static final int UID = 16;
    private static final int CAPABILITIES = 32;
    private static final int NO_NEW_PRIVILEGES = 64;

    /** The death signal of a supervising spawn4j-init itself: it tells that from others by its sender. */
    static final int JVM_GONE_SIGNAL = Signal.SIGTERM.number();

    /** Of cpu.max: the kernel's own, since spawn4j-init writes none. */
    private static final int CPU_PERIOD_MICROS = 100_000;

    private final SpawnRequest request;
    private final SpawnPolicy policy;
    private final Containment containment;
    private final long leaf;
    private final boolean avoidClone3;
    private int flags;
    private long uid;
    private long gid;
    private long[] groups = {};

    private InitSettings(SpawnRequest request, Containment containment, Spawner spawner) {
        this.request = request;
        this.policy = request.policy();
        this.containment = containment;
        this.leaf = containment == Containment.CGROUP ? LeafParent.nextSerial() : 0;
        this.avoidClone3 = !spawner.usesClone3();
    }

    /** Null for a policy that needs no spawn4j-init. {@code spawner} will be the child's parent. */
    static @Nullable InitSettings of(SpawnRequest request, Containment containment, Spawner spawner)
            throws SpawnException {
        if (settingsOf(request.policy()).isEmpty()) {
            return null;
        }
        InitSettings settings = new InitSettings(request, containment, spawner);
        settings.collect();
        settings.checkDeathSignal(spawner.tid());
        return settings;
    }

    /** {@link Containment#NONE}: spawn4j-init becomes the program. Any other: it stays, and supervises. */
    Containment containment() {
        return containment;
    }

    boolean supervises() {
        return containment != Containment.NONE;
    }

    /** The number in the name of the cgroup that spawn4j-init makes. */
    long leaf() {
        return leaf;
    }

    /** The settings of a policy that need it, by the names of their methods. */
    static List<String> settingsOf(SpawnPolicy policy) {
        List<String> names = new ArrayList<>(0);
        addIf(names, policy.oomScore().isPresent(), "oomScore");
        addIf(names, policy.joinCgroup().isPresent(), "joinCgroup");
        addIf(names, policy.user().isPresent(), "user");
        addIf(names, policy.group().isPresent(), "group");
        addIf(names, policy.supplementaryGroups().isPresent(), "supplementaryGroups");
        addIf(names, policy.keepCapabilities().isPresent(), "keepCapabilities");
        addIf(names, policy.noNewPrivileges(), "noNewPrivileges");
        addIf(names, !policy.containment().isEmpty(), "containment");
        return names;
    }

    private static void addIf(List<String> names, boolean set, String name) {
        if (set) {
            names.add(name);
        }
    }

    private void collect() throws SpawnException {
        flag(policy.oomScore().isPresent(), OOM_SCORE);
        flag(policy.joinCgroup().isPresent(), CGROUP);
        flag(policy.keepCapabilities().isPresent(), CAPABILITIES);
        flag(policy.noNewPrivileges(), NO_NEW_PRIVILEGES);
        Accounts accounts = new Accounts(Libc.get());
        try {
            if (policy.user().isPresent()) {
                takeUser(accounts, policy.user().get());
            }
            if (policy.group().isPresent()) {
                gid = group(accounts, policy.group().get());
                flags |= GID;
            }
            if (policy.supplementaryGroups().isPresent()) {
                takeGroups(accounts, policy.supplementaryGroups().get());
            }
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.REQUEST, e);
        }
    }

    // The kernel sends the signal with the rights of the thread that dies, the spawner.
    private void checkDeathSignal(long spawner) throws SpawnException {
        if (policy.user().isEmpty() || (policy.parentDeathSignal().isEmpty() && !supervises())) {
            return;
        }
        String status;
        try {
            status = Files.readString(Path.of("/proc/self/task/" + spawner + "/status"));
        } catch (IOException e) {
            throw Failures.unprepared(
                    request,
                    SpawnStage.REQUEST,
                    new StartFailure("/proc/self/task/" + spawner + "/status: " + e.getMessage(), e));
        }
        long effective = Long.parseUnsignedLong(field(status, "CapEff:"), 16);
        long euid = Long.parseLong(field(status, "Uid:").split("\\s+", 3)[1]);
        if (euid != uid && (effective & 1L << Capability.CAP_KILL.number()) == 0) {
            throw new UnsupportedPolicyException(
                    Failures.opening(request),
                    supervises() ? "containment" : "parentDeathSignal",
                    "the kernel's kill of another user's child",
                    SpawnStage.PARENT_DEATH,
                    Errno.EPERM,
                    Errno.name(Errno.EPERM),
                    "CAP_KILL");
        }
    }

    private static String field(String status, String name) {
        int at = status.indexOf("\n" + name) + 1 + name.length();
        return status.substring(at, status.indexOf('\n', at)).strip();
    }

    private void flag(boolean set, int flag) {
        if (set) {
            flags |= flag;
        }
    }

    private void takeUser(Accounts accounts, String nameOrNumber) throws StartFailure, SpawnException {
        boolean number = isNumber(nameOrNumber);
        Accounts.User user = number ? accounts.user(Long.parseLong(nameOrNumber)) : accounts.user(nameOrNumber);
        if (user != null) {
            uid = user.uid();
            gid = user.gid();
            groups = accounts.groupsOf(user);
            if (groups.length > MAX_GROUPS) {
                throw new StartFailure(
                        "user \"" + nameOrNumber + "\" has more than " + MAX_GROUPS + " groups: " + groups.length);
            }
        } else if (number && policy.group().isPresent()) {
            uid = Long.parseLong(nameOrNumber);
        } else {
            throw unknown(
                    "user",
                    nameOrNumber,
                    number ? "; a number that is not in the user database needs a group() beside it" : "");
        }
        flags |= UID | GID | GROUPS;
    }

    private void takeGroups(Accounts accounts, SortedSet<String> namesOrNumbers) throws StartFailure, SpawnException {
        groups = new long[namesOrNumbers.size()];
        int at = 0;
        for (String name : namesOrNumbers) {
            groups[at++] = group(accounts, name);
        }
        flags |= GROUPS;
    }

    private long group(Accounts accounts, String nameOrNumber) throws StartFailure, SpawnException {
        if (isNumber(nameOrNumber)) {
            return Long.parseLong(nameOrNumber);
        }
        long found = accounts.group(nameOrNumber);
        if (found < 0) {
            throw unknown("group", nameOrNumber, "");
        }
        return found;
    }

    private SpawnException unknown(String what, String name, String hint) {
        return new SpawnException(
                Failures.opening(request) + ": no " + what + " \"" + name + "\" (stage: " + SpawnStage.REQUEST + ")"
                        + hint,
                SpawnStage.REQUEST,
                0,
                "",
                null);
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The numbers under which spawn4j-init gets descriptors of its own.
     *
     * @param answer its socket
     * @param cgroup {@code cgroup.procs} to write to, or -1
     * @param leafParent the directory to make a cgroup in, or -1
     * @param above larger than every number of the program's
     */
    record Descriptors(int answer, int cgroup, int leafParent, int above) {}

    /** The argument vector of spawn4j-init. */
    List<byte[]> arguments(Descriptors descriptors, List<byte[]> candidates, List<byte[]> command) {
        List<byte[]> arguments = new ArrayList<>(candidates.size() + command.size() + 3);
        arguments.add(ascii("spawn4j-init"));
        arguments.add(ascii(config(descriptors, candidates.size())));
        arguments.addAll(candidates);
        arguments.add(ascii("")); // room for the shell of a script without #!
        arguments.addAll(command);
        return arguments;
    }

    private String config(Descriptors descriptors, int candidates) {
        StringBuilder text = new StringBuilder();
        long[] affinity = policy.cpuAffinity().toLongArray();
        long[] numbers = {
            VERSION,
            descriptors.answer,
            flags,
            candidates,
            policy.parentDeathSignal().map(Signal::number).orElse(0),
            ProcessHandle.current().pid(),
            policy.oomScore().orElse(0),
            descriptors.cgroup,
            uid,
            gid,
            capabilities(),
            groups.length,
            rung(containment),
            leftover(policy.leftovers()),
            descriptors.above,
            descriptors.leafParent,
            leaf,
            avoidClone3 ? 1 : 0,
            policy.cgroupMemoryMax().orElse(0),
            policy.cgroupPidsMax().orElse(0),
            Math.round(policy.cgroupCpuMax().orElse(0) * CPU_PERIOD_MICROS),
            RequestWriter.flags(policy),
            policy.joinProcessGroup().orElse(0),
            policy.umask().orElse(0),
            policy.nice().orElse(0),
            RequestWriter.signalSet(policy.blockedSignals()),
            RequestWriter.signalSet(policy.ignoredSignals()),
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
        for (Capability capability : policy.keepCapabilities().orElse(java.util.Set.of())) {
            bits |= 1L << capability.number();
        }
        return bits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
