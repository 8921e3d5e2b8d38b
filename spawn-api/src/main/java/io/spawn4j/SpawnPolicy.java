// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a child inherits and when it dies: an immutable value. A setting is enforced by the kernel, or the start fails with
 * an {@link UnsupportedPolicyException}; none is silently weakened.
 *
 * <p>Unless the policy says otherwise, the child starts with every signal at its default and none blocked. Whatever it says,
 * no descriptor of the JVM reaches the child but the standard streams and those that the policy names.
 *
 * <pre>{@code
 * SpawnPolicy policy = SpawnPolicy.dieWithParent().toBuilder()
 *         .newSession()
 *         .resourceLimit(ResourceLimit.CORE, 0, 0)
 *         .build();
 * }</pre>
 */
public final class SpawnPolicy {
    private static final SpawnPolicy DEFAULTS = builder().build();
    private static final SpawnPolicy DIE_WITH_PARENT =
            builder().parentDeathSignal(Signal.SIGKILL).build();
    private static final SpawnPolicy CONTAINED =
            builder().containment(Containment.CGROUP, Containment.SUBREAPER).build();

    private final Map<Setting<?>, Object> values;

    private SpawnPolicy(Map<Setting<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * A builder in which nothing is set.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder(Map.of());
    }

    /**
     * Clean signals and no stray descriptors; everything else as ProcessBuilder has it.
     *
     * @return the policy in which nothing is set
     */
    public static SpawnPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * As {@link #defaults()}, and the kernel sends the child SIGKILL when the JVM is gone, however it went. The child only:
     * its own children live on unless they ask for the same.
     *
     * @return the policy
     * @see Builder#parentDeathSignal(Signal)
     */
    public static SpawnPolicy dieWithParent() {
        return DIE_WITH_PARENT;
    }

    /**
     * As {@link #defaults()}, and the whole tree, what the child starts included, dies with the JVM, however it went, or with
     * {@link ChildProcess#killTree}. Takes a cgroup of its own where the JVM may make one, else a subreaper.
     *
     * @return the policy
     * @see Builder#containment
     */
    public static SpawnPolicy contained() {
        return CONTAINED;
    }

    /**
     * A builder that starts from this policy. Each setting may be set once more, which replaces it. None can be taken
     * back, so one that contradicts this policy's session, process group or cgroup limits throws.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /**
     * The signals that the child starts with blocked.
     *
     * @return an unmodifiable set, empty by default
     */
    public Set<Signal> blockedSignals() {
        return Setting.BLOCKED_SIGNALS.in(values);
    }

    /**
     * The signals that the child starts with ignored.
     *
     * @return an unmodifiable set, empty by default
     */
    public Set<Signal> ignoredSignals() {
        return Setting.IGNORED_SIGNALS.in(values);
    }

    /**
     * What the kernel sends to the child when the JVM is gone.
     *
     * @return empty by default
     */
    public Optional<Signal> parentDeathSignal() {
        return Optional.ofNullable(Setting.PARENT_DEATH_SIGNAL.orNull(values));
    }

    /**
     * Whether the child leads a new session.
     *
     * @return false by default
     */
    public boolean newSession() {
        return Setting.NEW_SESSION.in(values);
    }

    /**
     * Whether the child leads a new process group.
     *
     * @return false by default
     */
    public boolean newProcessGroup() {
        return Setting.NEW_PROCESS_GROUP.in(values);
    }

    /**
     * The process group that the child joins.
     *
     * @return empty by default: the JVM's
     */
    public OptionalLong joinProcessGroup() {
        Long group = Setting.JOIN_PROCESS_GROUP.orNull(values);
        return group == null ? OptionalLong.empty() : OptionalLong.of(group);
    }

    /**
     * The permission bits that the child's new files do not get.
     *
     * @return empty by default: the JVM's
     */
    public OptionalInt umask() {
        return optional(Setting.UMASK.orNull(values));
    }

    /**
     * The child's nice value.
     *
     * @return empty by default: the JVM's
     */
    public OptionalInt nice() {
        return optional(Setting.NICE.orNull(values));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /**
     * The CPUs that the child may run on.
     *
     * @return a copy, empty by default: those of the JVM
     */
    public BitSet cpuAffinity() {
        BitSet cpus = Setting.CPU_AFFINITY.orNull(values);
        return cpus == null ? new BitSet() : (BitSet) cpus.clone();
    }

    /**
     * The resource limits that differ from the JVM's.
     *
     * @return an unmodifiable map, empty by default
     */
    public Map<ResourceLimit, Limit> resourceLimits() {
        return resourceLimits(values);
    }

    // The builder alone puts it there.
    @SuppressWarnings("unchecked")
    private static Map<ResourceLimit, Limit> resourceLimits(Map<Setting<?>, Object> values) {
        return (Map<ResourceLimit, Limit>) Setting.RESOURCE_LIMITS.in(values);
    }

    /**
     * The JVM's descriptors that the child gets beside the standard streams.
     *
     * @return an unmodifiable map from the child's number to the JVM's, empty by default
     */
    public SortedMap<Integer, Integer> extraDescriptors() {
        return Setting.EXTRA_DESCRIPTORS.in(values);
    }

    /**
     * The files that the child gets opened beside the standard streams.
     *
     * @return an unmodifiable map from the child's number to the file, empty by default
     */
    public SortedMap<Integer, Redirect> extraFiles() {
        return Setting.EXTRA_FILES.in(values);
    }

    /**
     * How long a start may take.
     *
     * @return empty by default: for ever
     */
    public Optional<Duration> startTimeout() {
        return Optional.ofNullable(Setting.START_TIMEOUT.orNull(values));
    }

    /**
     * Which {@code PATH} finds the program.
     *
     * @return {@link PathLookup#PARENT} by default
     */
    public PathLookup pathLookup() {
        return Setting.PATH_LOOKUP.in(values);
    }

    /**
     * How readily the kernel kills the child when memory runs out.
     *
     * @return empty by default: as the JVM
     */
    public OptionalInt oomScore() {
        return optional(Setting.OOM_SCORE.orNull(values));
    }

    /**
     * The cgroup that the child joins.
     *
     * @return its directory, empty by default: the JVM's own cgroup
     */
    public Optional<Path> joinCgroup() {
        return Optional.ofNullable(Setting.JOIN_CGROUP.orNull(values));
    }

    /**
     * The user that the program runs as.
     *
     * @return a name or a number, empty by default: the JVM's
     */
    public Optional<String> user() {
        return Optional.ofNullable(Setting.USER.orNull(values));
    }

    /**
     * The group that the program runs as.
     *
     * @return a name or a number, empty by default: that of {@link #user()}, or else the JVM's
     */
    public Optional<String> group() {
        return Optional.ofNullable(Setting.GROUP.orNull(values));
    }

    /**
     * The program's supplementary groups.
     *
     * @return an unmodifiable set of names and numbers; empty Optional by default: those of {@link #user()}, or else the JVM's
     */
    public Optional<SortedSet<String>> supplementaryGroups() {
        return Optional.ofNullable(Setting.SUPPLEMENTARY_GROUPS.orNull(values));
    }

    /**
     * The capabilities that are left to the program.
     *
     * @return an unmodifiable set; empty Optional by default: what the kernel makes of the JVM's
     */
    public Optional<Set<Capability>> keepCapabilities() {
        return Optional.ofNullable(Setting.KEEP_CAPABILITIES.orNull(values));
    }

    /**
     * What holds the child and its descendants together: the first of these that the host grants.
     *
     * @return an unmodifiable list without {@link Containment#NONE}, empty by default
     */
    public List<Containment> containment() {
        return Setting.CONTAINMENT.in(values);
    }

    /**
     * How much memory the tree's cgroup may use.
     *
     * @return bytes, empty by default: no limit of its own
     */
    public OptionalLong cgroupMemoryMax() {
        Long bytes = Setting.CGROUP_MEMORY_MAX.orNull(values);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /**
     * How many tasks may be in the tree's cgroup at a time.
     *
     * @return processes and threads together, empty by default: no limit of its own
     */
    public OptionalInt cgroupPidsMax() {
        return optional(Setting.CGROUP_PIDS_MAX.orNull(values));
    }

    /**
     * How much processor time the tree's cgroup may use.
     *
     * @return in CPUs, empty by default: no limit of its own
     */
    public OptionalDouble cgroupCpuMax() {
        Double cpus = Setting.CGROUP_CPU_MAX.orNull(values);
        return cpus == null ? OptionalDouble.empty() : OptionalDouble.of(cpus);
    }

    /**
     * What happens to descendants that are left when the child has ended.
     *
     * @return {@link Leftovers#LEAVE} by default
     */
    public Leftovers leftovers() {
        return Setting.LEFTOVERS.in(values);
    }

    /**
     * Whether no program that the child runs can gain privileges.
     *
     * @return false by default
     */
    public boolean noNewPrivileges() {
        return Setting.NO_NEW_PRIVILEGES.in(values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpawnPolicy policy && values.equals(policy.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /**
     * The settings that differ from the default.
     *
     * @return for example {@code SpawnPolicy{parentDeathSignal=SIGKILL, umask=0022}}
     */
    @Override
    public String toString() {
        return "SpawnPolicy{" + (values.isEmpty() ? "defaults" : Setting.print(values)) + "}";
    }

    /**
     * A soft and a hard limit, in the unit of the {@link ResourceLimit}.
     *
     * @param soft what the kernel enforces, or {@link ResourceLimit#UNLIMITED}
     * @param hard how far the child may raise the soft one, or {@link ResourceLimit#UNLIMITED}
     */
    public record Limit(long soft, long hard) {
        /**
         * Checks the two.
         *
         * @param soft what the kernel enforces
         * @param hard how far the child may raise the soft one
         * @throws IllegalArgumentException if one is negative and not {@link ResourceLimit#UNLIMITED}, or if the soft one
         *     is above the hard one
         */
        public Limit {
            PolicyCheck.range("soft limit", soft, ResourceLimit.UNLIMITED, Long.MAX_VALUE);
            PolicyCheck.range("hard limit", hard, ResourceLimit.UNLIMITED, Long.MAX_VALUE);
            // As unsigned numbers, UNLIMITED is the largest.
            if (Long.compareUnsigned(soft, hard) > 0) {
                throw new IllegalArgumentException("soft limit above the hard one: " + print(soft, hard));
            }
        }

        /**
         * Both limits.
         *
         * @return for example {@code 1024:unlimited}
         */
        @Override
        public String toString() {
            return print(soft, hard);
        }

        private static String print(long soft, long hard) {
            return print(soft) + ":" + print(hard);
        }

        private static String print(long limit) {
            return limit == ResourceLimit.UNLIMITED ? "unlimited" : Long.toString(limit);
        }
    }

    /**
     * Collects the settings of a policy. Every method throws at once: IllegalStateException, naming the setting, when it
     * is set twice or contradicts one that is set; IllegalArgumentException, with the value, when it is out of range;
     * NullPointerException for null. A builder is for one thread.
     *
     * <p>What the host may refuse is found out by {@link SpawnBuilder#start()}; each method names the
     * {@link SpawnStage} at which that shows. The cost of a setting is given in system calls of the new process before
     * its exec. The posix_spawn engine refuses ignored signals, parent-death signal, umask, nice, CPU affinity, resource limits,
     * the start timeout and all that need spawn4j-init, before it starts anything.
     */
    public static final class Builder {
        private final Map<Setting<?>, Object> values;
        private final Map<ResourceLimit, Limit> resourceLimits = new EnumMap<>(ResourceLimit.class);
        private final SortedMap<Integer, Integer> extraDescriptors = new TreeMap<>();
        private final SortedMap<Integer, Redirect> extraFiles = new TreeMap<>();
        private final Set<String> setHere = new HashSet<>();

        private Builder(Map<Setting<?>, Object> values) {
            this.values = new HashMap<>(values);
            resourceLimits.putAll(SpawnPolicy.resourceLimits(values));
            extraDescriptors.putAll(Setting.EXTRA_DESCRIPTORS.in(values));
            extraFiles.putAll(Setting.EXTRA_FILES.in(values));
        }

        private <T> Builder set(Setting<T> setting, T value) {
            Objects.requireNonNull(value, setting.toString());
            once(setting);
            setting.put(values, value);
            return this;
        }

        private void once(Object what) {
            if (!setHere.add(what.toString())) {
                throw new IllegalStateException(what + " is already set");
            }
        }

        private void excludes(Setting<?> setting, Setting<?>... others) {
            for (Setting<?> other : others) {
                if (values.containsKey(other)) {
                    throw new IllegalStateException(setting + " contradicts " + other);
                }
            }
        }

        /**
         * The signals that the child starts with blocked; all others are not, whatever the JVM's threads block.
         *
         * <p>Default: none. Cost: none, the mask is set anyway. Source: rt_sigprocmask(2), {@link SpawnStage#SIGNALS}.
         *
         * @param signals all but SIGKILL, SIGSTOP and the C library's own two, SIG32 and SIG33
         * @return this
         * @throws IllegalArgumentException if one of them cannot be blocked
         * @throws IllegalStateException if set before
         */
        public Builder blockedSignals(Set<Signal> signals) {
            return set(Setting.BLOCKED_SIGNALS, PolicyCheck.maskable("blockedSignals", signals));
        }

        /**
         * The signals that the child starts with ignored; all others are at their default, whatever the JVM ignores. A
         * program that is started with SIGCHLD ignored cannot wait for its own children.
         *
         * <p>Default: none. Cost: none, the dispositions are set anyway. Source: signal(7), {@link SpawnStage#SIGNALS}.
         *
         * @param signals all but SIGKILL, SIGSTOP and the C library's own two, SIG32 and SIG33
         * @return this
         * @throws IllegalArgumentException if one of them cannot be ignored
         * @throws IllegalStateException if set before
         */
        public Builder ignoredSignals(Set<Signal> signals) {
            return set(Setting.IGNORED_SIGNALS, PolicyCheck.maskable("ignoredSignals", signals));
        }

        /**
         * The signal that the kernel sends to the child when the JVM is gone, however it went. It is bound to a thread
         * that lives as long as the JVM, so the end of the calling thread does not send it. It reaches the child only, not
         * the child's children. A set-user-ID program, or one with file capabilities, clears it at exec.
         *
         * <p>Default: none. Cost: prctl(2), and one call that proves that the JVM still lives. Source: PR_SET_PDEATHSIG
         * in prctl(2), Linux 2.1.57; {@link SpawnStage#PARENT_DEATH}.
         *
         * @param signal SIGKILL for a child that must not outlive the JVM
         * @return this
         * @throws IllegalStateException if set before
         */
        public Builder parentDeathSignal(Signal signal) {
            return setBesideContainment(Setting.PARENT_DEATH_SIGNAL, signal);
        }

        /**
         * Makes the child the leader of a new session, and so of a new process group, without a terminal. The terminal's
         * signals (Ctrl-C, hangup) do not reach it then.
         *
         * <p>Default: the JVM's session. Cost: one setsid(2). Source: setsid(2), {@link SpawnStage#SESSION}.
         *
         * @return this
         * @throws IllegalStateException if set before, or with a process group set
         */
        public Builder newSession() {
            excludes(Setting.NEW_SESSION, Setting.NEW_PROCESS_GROUP, Setting.JOIN_PROCESS_GROUP);
            return set(Setting.NEW_SESSION, true);
        }

        /**
         * Makes the child the leader of a new process group in the JVM's session: its pid is the group's number. Ctrl-C at
         * the terminal does not reach it then, and it is stopped if it reads from the terminal (SIGTTIN).
         *
         * <p>Default: the JVM's group. Cost: one setpgid(2). Source: setpgid(2), {@link SpawnStage#PROCESS_GROUP}.
         *
         * @return this
         * @throws IllegalStateException if set before, or with another group or a new session set
         */
        public Builder newProcessGroup() {
            excludes(Setting.NEW_PROCESS_GROUP, Setting.NEW_SESSION, Setting.JOIN_PROCESS_GROUP);
            return set(Setting.NEW_PROCESS_GROUP, true);
        }

        /**
         * Puts the child into an existing process group of the JVM's session.
         *
         * <p>Default: the JVM's group. Cost: one setpgid(2). The start fails with EPERM at
         * {@link SpawnStage#PROCESS_GROUP} if there is no such group in this session. Source: setpgid(2).
         *
         * @param group the group's number, 1 to 2147483647: the pid of the child that was started with
         *     {@link #newProcessGroup()}
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before, or with a new group or a new session set
         */
        public Builder joinProcessGroup(long group) {
            PolicyCheck.range("joinProcessGroup", group, 1, Integer.MAX_VALUE);
            excludes(Setting.JOIN_PROCESS_GROUP, Setting.NEW_SESSION, Setting.NEW_PROCESS_GROUP);
            return setBesideContainment(Setting.JOIN_PROCESS_GROUP, group);
        }

        /**
         * The permission bits that files made by the child do not get. Files of redirects are opened by the JVM and follow
         * the JVM's.
         *
         * <p>Default: the JVM's. Cost: one umask(2). Source: umask(2), {@link SpawnStage#UMASK}.
         *
         * @param mask 0 to 0777; mind the leading zero of an octal number
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before
         */
        public Builder umask(int mask) {
            return set(Setting.UMASK, PolicyCheck.umask(mask));
        }

        /**
         * The child's nice value itself, not an increment.
         *
         * <p>Default: that of the JVM's process leader, the thread whose id is the pid, whatever the calling thread has.
         * Cost: one setpriority(2). Less nice than {@link ResourceLimit#NICE} allows needs CAP_SYS_NICE: EACCES at
         * {@link SpawnStage#NICE}. Source: setpriority(2).
         *
         * @param value -20 (most CPU) to 19 (least)
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before
         */
        public Builder nice(int value) {
            PolicyCheck.range("nice", value, PolicyCheck.MIN_NICE, PolicyCheck.MAX_NICE);
            return set(Setting.NICE, value);
        }

        /**
         * The CPUs that the child may run on. The kernel drops those that the host or the cpuset has not, and refuses with
         * EINVAL at {@link SpawnStage#AFFINITY} if none is left.
         *
         * <p>Default: those of the JVM's process leader, the thread whose id is the pid, whatever the calling thread has.
         * Cost: one sched_setaffinity(2). Source: sched_setaffinity(2).
         *
         * @param cpus one or more numbers, 0 to 1023
         * @return this
         * @throws IllegalArgumentException if there is none, or one out of range
         * @throws IllegalStateException if set before
         */
        public Builder cpuAffinity(int... cpus) {
            return set(Setting.CPU_AFFINITY, PolicyCheck.cpus(cpus));
        }

        /**
         * Limits a resource of the child. Each resource may be set once.
         *
         * <p>Default: the JVM's limits, which are not always the shell's: the JVM raises its own soft limit on descriptors
         * to the hard one. Cost: one prlimit64(2) for each. Raising a hard limit needs CAP_SYS_RESOURCE: EPERM at
         * {@link SpawnStage#RESOURCE_LIMIT}. Source: prlimit(2), Linux 2.6.36.
         *
         * @param resource what to limit, which also gives the unit
         * @param soft what the kernel enforces, from 0, or {@link ResourceLimit#UNLIMITED}
         * @param hard how far the child may raise the soft one, from soft, or {@link ResourceLimit#UNLIMITED}
         * @return this
         * @throws IllegalArgumentException if one is out of range, or soft above hard
         * @throws IllegalStateException if set before for this resource
         */
        public Builder resourceLimit(ResourceLimit resource, long soft, long hard) {
            Objects.requireNonNull(resource, "resource");
            Limit limit = new Limit(soft, hard);
            once("resourceLimit(" + resource + ")");
            resourceLimits.put(resource, limit);
            return this;
        }

        /**
         * Gives the child a descriptor of the JVM under a number, beside the standard streams. It must stay open in the JVM
         * until the start returns, and is not closed by it; both then share the open file description.
         *
         * <p>Default: none. Cost: one dup3(2) for each, and its way to the child. EBADF at
         * {@link SpawnStage#DESCRIPTORS} if the JVM has no such descriptor. Source: dup(2), SCM_RIGHTS in unix(7).
         *
         * @param childFd its number in the child, 3 to 1023
         * @param fd its number in the JVM, from 0
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if this number of the child is set before, or with more than 248 extra
         *     descriptors and files in total
         */
        public Builder extraDescriptor(int childFd, int fd) {
            PolicyCheck.range("extraDescriptor", fd, 0, Integer.MAX_VALUE);
            claim(childFd);
            extraDescriptors.put(childFd, fd);
            return this;
        }

        /**
         * Opens a file for the child under a number, beside the standard streams. The calling thread opens it at each
         * start, which waits for as long as that takes.
         *
         * <p>Default: none. Cost: open(2) and close(2) by the caller, one dup3(2) by the child. An error of open(2) shows
         * at {@link SpawnStage#REDIRECT}, one of dup3(2) at {@link SpawnStage#DESCRIPTORS}. Source: open(2), unix(7) SCM_RIGHTS.
         *
         * @param childFd its number in the child, 3 to 1023
         * @param fileRedirect a redirect from, to or appending to a file, or DISCARD
         * @return this
         * @throws IllegalArgumentException if out of range, if the redirect is PIPE or INHERIT, or if its path has a NUL
         * @throws IllegalStateException if this number of the child is set before, or with more than 248 extra
         *     descriptors and files in total
         */
        public Builder extraFile(int childFd, Redirect fileRedirect) {
            PolicyCheck.file(fileRedirect);
            claim(childFd);
            extraFiles.put(childFd, fileRedirect);
            return this;
        }

        private void claim(int childFd) {
            PolicyCheck.range(
                    "descriptor of the child",
                    childFd,
                    PolicyCheck.MIN_CHILD_DESCRIPTOR,
                    PolicyCheck.MAX_CHILD_DESCRIPTOR);
            if (!extraDescriptors.containsKey(childFd)
                    && !extraFiles.containsKey(childFd)
                    && extraDescriptors.size() + extraFiles.size() == PolicyCheck.MAX_EXTRA) {
                throw new IllegalStateException(
                        "descriptor " + childFd + " of the child: more than " + PolicyCheck.MAX_EXTRA + " in total");
            }
            once("descriptor " + childFd + " of the child");
            extraDescriptors.remove(childFd);
            extraFiles.remove(childFd);
        }

        /**
         * How long {@link SpawnBuilder#start()} may take until the child is past its exec. After that it throws a
         * {@link SpawnException} with ETIMEDOUT and the stage that was reached, and the child, if there is one, is killed. An
         * exec can hang on a file system that does not answer. The time runs from when the files of the redirects are open: opening
         * them is not covered, and neither are names of users and groups, the cgroup's file, and the set-up of the engine by the JVM's
         * first start (20 s at most).
         *
         * <p>Default: for ever, as ProcessBuilder. Cost: none. Stage: {@link SpawnStage#SPAWNER} while the request waits for its
         * turn, later the child's own, for example {@link SpawnStage#EXEC}. Source: execve(2), futex(2).
         *
         * @param timeout more than zero, at most 292 years
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before
         */
        public Builder startTimeout(Duration timeout) {
            return set(Setting.START_TIMEOUT, PolicyCheck.timeout(timeout));
        }

        /**
         * Which {@code PATH} finds a program whose name has no slash.
         *
         * <p>Default: {@link PathLookup#PARENT}, as ProcessBuilder. Cost: none. A program that is in none of its directories
         * shows at {@link SpawnStage#EXEC} with ENOENT. Source: execvp(3).
         *
         * @param lookup the JVM's or the child's
         * @return this
         * @throws IllegalStateException if set before
         */
        public Builder pathLookup(PathLookup lookup) {
            return set(Setting.PATH_LOOKUP, lookup);
        }

        /**
         * How readily the kernel kills the child, and what it starts, when memory runs out.
         *
         * <p>Default: as the JVM. Cost: an exec of spawn4j-init before that of the program, and three calls to write it. Lower than the
         * JVM's lowest so far needs CAP_SYS_RESOURCE: EACCES at {@link SpawnStage#OOM_SCORE}. Source: proc_pid_oom_score_adj(5), Linux 2.6.36.
         *
         * @param score -1000 (never) to 1000 (first)
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before
         */
        public Builder oomScore(int score) {
            PolicyCheck.range("oomScore", score, PolicyCheck.MIN_OOM_SCORE, PolicyCheck.MAX_OOM_SCORE);
            return set(Setting.OOM_SCORE, score);
        }

        /**
         * The existing cgroup that the child joins before its program runs, and with it all that it starts. Nothing is made,
         * limited or removed. Of several cgroup hierarchies (version 1) it leaves the others as they are.
         *
         * <p>Default: the JVM's own. Cost: an exec of spawn4j-init before that of the program, a look into the table of mounts and open(2) and
         * close(2) by the caller, write(2). A path that is missing (ENOENT), no cgroup (EINVAL), threaded (EOPNOTSUPP) or without permission (EACCES) shows at
         * {@link SpawnStage#CGROUP} before anything is started. The kernel refuses with EBUSY one that passes controllers on to
         * cgroups below it. Source: cgroups(7), version 2 since Linux 4.5.
         *
         * @param directory the absolute path of its directory, wherever its file system is mounted
         * @return this
         * @throws IllegalArgumentException if not absolute
         * @throws IllegalStateException if set before
         */
        public Builder joinCgroup(Path directory) {
            return setBesideContainment(Setting.JOIN_CGROUP, PolicyCheck.cgroup(directory));
        }

        /**
         * The user that the program runs as: real, effective and saved ID. Unless they are set too, the group becomes that user's own and
         * the supplementary groups become those that the group database gives him, so that none of the JVM's are left. The working directory is
         * entered and redirects are opened as the JVM's user. No capability of the JVM is left but those of {@link #keepCapabilities(Set)}. A
         * parent-death signal is set again after the change, which clears it; since the kernel sends it with the JVM's rights, a JVM without
         * CAP_KILL is refused it for another user's child.
         *
         * <p>Default: the JVM's. Cost: an exec of spawn4j-init before that of the program, setgroups(2), setresgid(2), setresuid(2), and at each
         * start a look into the user database, which may take as long as a directory service takes. An unknown name shows at
         * {@link SpawnStage#REQUEST} before anything is started; so does a number that the database does not have, if no group is
         * set with it. Without CAP_SETUID and CAP_SETGID: EPERM at {@link SpawnStage#SUPPLEMENTARY_GROUPS}, {@link SpawnStage#GROUP} or
         * {@link SpawnStage#USER}. Source: credentials(7), getpwnam(3), getgrouplist(3).
         *
         * @param nameOrNumber a name, or a number from 0 to 4294967294 in decimal
         * @return this
         * @throws IllegalArgumentException if empty, with a null character, or out of range
         * @throws IllegalStateException if set before
         */
        public Builder user(String nameOrNumber) {
            return set(Setting.USER, PolicyCheck.account("user", nameOrNumber));
        }

        /**
         * The group that the program runs as: real, effective and saved ID.
         *
         * <p>Default: the own group of the {@link #user(String)} that is set, or else the JVM's. Cost: an exec of spawn4j-init before that
         * of the program, one setresgid(2), and for a name a look into the group database. An unknown name shows at {@link SpawnStage#REQUEST};
         * without CAP_SETGID: EPERM at {@link SpawnStage#GROUP}. Source: credentials(7), getgrnam(3).
         *
         * @param nameOrNumber a name, or a number from 0 to 4294967294 in decimal
         * @return this
         * @throws IllegalArgumentException if empty, with a null character, or out of range
         * @throws IllegalStateException if set before
         */
        public Builder group(String nameOrNumber) {
            return set(Setting.GROUP, PolicyCheck.account("group", nameOrNumber));
        }

        /**
         * The program's supplementary groups: these and no others.
         *
         * <p>Default: those of the {@link #user(String)} that is set, or else the JVM's. Cost: an exec of spawn4j-init before that of the
         * program, one setgroups(2), and for names a look into the group database. An unknown name shows at {@link SpawnStage#REQUEST};
         * without CAP_SETGID: EPERM at {@link SpawnStage#SUPPLEMENTARY_GROUPS}. Source: setgroups(2), getgrnam(3).
         *
         * @param namesOrNumbers names, or numbers from 0 to 4294967294 in decimal, at most 8192; none for no groups
         * @return this
         * @throws IllegalArgumentException if one is empty, with a null character, or out of range, or if there are too many
         * @throws IllegalStateException if set before
         */
        public Builder supplementaryGroups(String... namesOrNumbers) {
            return set(Setting.SUPPLEMENTARY_GROUPS, PolicyCheck.groups(namesOrNumbers));
        }

        /**
         * The capabilities that are left to the program: its permitted, effective, inheritable, ambient and bounding set are exactly
         * these, also as another user. What it starts can have no others, whatever file capabilities or set-user-ID bits say.
         *
         * <p>Default: what execve(2) makes of the JVM's. Cost: an exec of spawn4j-init before that of the program, and about 45 calls of
         * prctl(2) and capset(2). Without CAP_SETPCAP: EPERM at {@link SpawnStage#BOUNDING_SET}; a capability that the JVM does not have:
         * EPERM at {@link SpawnStage#CAPABILITIES}. Source: capabilities(7), ambient set Linux 4.3.
         *
         * @param capabilities those to keep; none for a program without any
         * @return this
         * @throws IllegalStateException if set before
         */
        public Builder keepCapabilities(Set<Capability> capabilities) {
            return set(Setting.KEEP_CAPABILITIES, PolicyCheck.capabilities(capabilities));
        }

        /**
         * No program that the child runs, or what it starts, can gain privileges: set-user-ID and set-group-ID bits and file capabilities have no effect.
         *
         * <p>Default: as the JVM. Cost: an exec of spawn4j-init before that of the program, one prctl(2). Any user may. Source:
         * PR_SET_NO_NEW_PRIVS in prctl(2), Linux 3.5; {@link SpawnStage#NO_NEW_PRIVILEGES}.
         *
         * @return this
         * @throws IllegalStateException if set before
         */
        public Builder noNewPrivileges() {
            return set(Setting.NO_NEW_PRIVILEGES, true);
        }

        /**
         * Holds the child and all that it starts together, under a supervising spawn4j-init of its own: the tree dies when the JVM is gone, however it
         * went, and {@link ChildProcess#killTree} ends it with proof. The first of the given ones that the host grants is taken, and
         * {@link ChildProcess#containment()} says which; if none is, the start is refused. Descendants cannot give it up.
         *
         * <p>The child's parent is spawn4j-init then, not the JVM, and so is the parent of its orphaned descendants (with a process group: the
         * host's). spawn4j-init is in a session of its own, ignores signals that can be ignored, and keeps neither the working directory nor a
         * descriptor of the child's. With a PID namespace {@link Builder#user} and its kin know only the JVM's user unless the JVM is
         * root.
         *
         * <p>Default: none. Cost: a process of about 100 KB for as long as the tree lives, an exec of it and a fork before the program's exec;
         * a cgroup is made and removed; the namespaces cost the kernel about as much as two processes. Refused calls show at
         * {@link SpawnStage#CONTAINMENT}. Source: prctl(2), cgroups(7), pid_namespaces(7); pidfds, Linux 5.3.
         *
         * @param first the containment to try first; {@link Containment#NONE}, alone, for none
         * @param others what to take instead where the host does not grant it, in order
         * @return this
         * @throws IllegalArgumentException if one is given twice, or NONE beside others
         * @throws IllegalStateException if set before, with a parent-death signal other than SIGKILL, or with a setting that contradicts it:
         *     {@link #joinProcessGroup} with PROCESS_GROUP and PID_NAMESPACE, {@link #joinCgroup} with CGROUP
         */
        public Builder containment(Containment first, Containment... others) {
            return setBesideContainment(Setting.CONTAINMENT, PolicyCheck.containments(first, others));
        }

        private <T> Builder setBesideContainment(Setting<T> setting, T value) {
            Objects.requireNonNull(value, setting.toString());
            Map<Setting<?>, Object> next = new HashMap<>(values);
            setting.put(next, value);
            ContainmentCheck.contradictions(setting, next);
            return set(setting, value);
        }

        /**
         * The memory that the child and all that it starts may use together, in the cgroup of their own that {@link Containment#CGROUP} gives
         * them. What goes beyond it is reclaimed and swapped out; if that does not help, the kernel kills a process of the tree with SIGKILL,
         * and nothing outside: neither the JVM nor spawn4j-init is in that cgroup. Too little for the program's exec ends it there, as a start that
         * failed without an errno or as a death by SIGKILL. A program that may write to its cgroup's files, as one of the JVM's user
         * may, can lift this limit and the others; another {@link #user} cannot.
         *
         * <p>Default: no limit of its own. Cost: open(2), write(2) and close(2) by spawn4j-init. The cgroup in which the tree's is made must pass the
         * controller on ({@code memory} in its {@code cgroup.subtree_control}), which the kernel allows only to one without processes of
         * its own: name such a one with {@code -Dio.spawn4j.cgroup}. Otherwise ENOENT at {@link SpawnStage#CONTAINMENT}, and nothing is
         * started. Source: memory.max in the kernel's cgroup-v2 documentation, Linux 4.5.
         *
         * @param bytes 65536 or more, of which the kernel takes whole pages
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before; {@link #build()} throws it unless CGROUP is the only containment
         */
        public Builder cgroupMemoryMax(long bytes) {
            return set(
                    Setting.CGROUP_MEMORY_MAX,
                    PolicyCheck.range("cgroupMemoryMax", bytes, PolicyCheck.MIN_CGROUP_MEMORY, Long.MAX_VALUE));
        }

        /**
         * How many tasks, which are processes and threads, the child and all that it starts may be at a time, itself included. Beyond that their forks fail with
         * EAGAIN.
         *
         * <p>Default: no limit of its own. Cost, and what it takes: as {@link #cgroupMemoryMax}, with the controller {@code pids}. Source: pids.max in the
         * kernel's cgroup-v2 documentation, Linux 4.5.
         *
         * @param tasks 1 to 4194304
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before; {@link #build()} throws it unless CGROUP is the only containment
         */
        public Builder cgroupPidsMax(int tasks) {
            return set(
                    Setting.CGROUP_PIDS_MAX, (int) PolicyCheck.range("cgroupPidsMax", tasks, 1, PolicyCheck.MAX_TASKS));
        }

        /**
         * The processor time that the child and all that it starts may use together: so many CPUs' worth in every period of 100 ms. What is used up earlier waits
         * for the next period.
         *
         * <p>Default: no limit of its own. Cost, and what it takes: as {@link #cgroupMemoryMax}, with the controller {@code cpu}. Source: cpu.max in the
         * kernel's cgroup-v2 documentation, Linux 4.15.
         *
         * @param cpus 0.01 to 100000; 1.5 for one and a half
         * @return this
         * @throws IllegalArgumentException if out of range
         * @throws IllegalStateException if set before; {@link #build()} throws it unless CGROUP is the only containment
         */
        public Builder cgroupCpuMax(double cpus) {
            return set(Setting.CGROUP_CPU_MAX, PolicyCheck.cpus(cpus));
        }

        /**
         * What happens to the descendants that are left when the child itself has ended. Only a contained child's are known.
         *
         * <p>Default: {@link Leftovers#LEAVE}. Cost: none. Source: waitid(2) in spawn4j-init, which is their subreaper.
         *
         * @param leftovers leave, kill or wait
         * @return this
         * @throws IllegalStateException if set before; {@link #build()} throws it where there is no containment
         */
        public Builder leftovers(Leftovers leftovers) {
            return set(Setting.LEFTOVERS, leftovers);
        }

        /**
         * The policy with the settings so far. The builder stays usable, and what is set remains set.
         *
         * @return a new policy
         * @throws IllegalStateException if {@link #leftovers} are set without {@link #containment}, or a limit of a cgroup without
         *     CGROUP as the only one
         */
        public SpawnPolicy build() {
            ContainmentCheck.requirements(values);
            Setting.RESOURCE_LIMITS.put(values, Collections.unmodifiableMap(new EnumMap<>(resourceLimits)));
            Setting.EXTRA_DESCRIPTORS.put(values, Collections.unmodifiableSortedMap(new TreeMap<>(extraDescriptors)));
            Setting.EXTRA_FILES.put(values, Collections.unmodifiableSortedMap(new TreeMap<>(extraFiles)));
            return new SpawnPolicy(values);
        }
    }
}
