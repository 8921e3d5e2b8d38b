// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
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
 * What a child inherits and when it dies: an immutable value. A setting is enforced by the kernel, or the start fails
 * with an {@link UnsupportedPolicyException}; none is silently weakened.
 *
 * <p>Unless the policy says otherwise, the child starts with every signal at its default and none blocked. Whatever it
 * says, no descriptor of the JVM reaches the child but the standard streams and those that the policy names.
 *
 * <pre>{@code
 * SpawnPolicy policy = SpawnPolicy.dieWithParent().toBuilder()
 *         .newSession()
 *         .resourceLimit(ResourceLimit.CORE, 0, 0)
 *         .build();
 * }</pre>
 */
public final class SpawnPolicy {
    private static final SpawnPolicy DEFAULTS = new SpawnPolicy(Map.of());

    // Made when asked for: a first child with the defaults does not wait for the builder's classes.
    private static final class DieWithParent {
        static final SpawnPolicy POLICY =
                builder().parentDeathSignal(Signal.SIGKILL).build();
    }

    private static final class Contained {
        static final SpawnPolicy POLICY =
                builder().containment(Containment.CGROUP, Containment.SUBREAPER).build();
    }

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
     * As {@link #defaults()}, and the kernel sends the child SIGKILL when the JVM is gone, however it went. The child
     * only: its own children live on unless they ask for the same.
     *
     * @return the policy
     * @see Builder Builder.parentDeathSignal
     */
    public static SpawnPolicy dieWithParent() {
        return DieWithParent.POLICY;
    }

    /**
     * As {@link #defaults()}, and the whole tree, what the child starts included, dies with the JVM, however it went,
     * or with {@link ChildProcess#killTree}. Takes a cgroup of its own where the JVM may make one, else a subreaper.
     *
     * @return the policy
     * @see Builder Builder.containment
     */
    public static SpawnPolicy contained() {
        return Contained.POLICY;
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
     * @return an unmodifiable set of names and numbers; empty Optional by default: those of {@link #user()}, or else
     *     the JVM's
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
         * @throws IllegalArgumentException if one is negative and not {@link ResourceLimit#UNLIMITED}, or if the soft
         *     one is above the hard one
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
     * Collects the settings of a policy. Every method throws at once: IllegalStateException, naming the setting, when
     * it is set twice or contradicts one that is set; IllegalArgumentException, with the value, when it is out of
     * range; NullPointerException for null. A builder is for one thread.
     *
     * <p>What the host may refuse is found out by {@link SpawnBuilder#start()}; each method names the
     * {@link SpawnStage} at which that shows. The cost of a setting is given in system calls of the new process before
     * its exec. The posix_spawn engine refuses ignored signals, parent-death signal, umask, nice, CPU affinity,
     * resource limits, the start timeout and all that need spawn4j-init, before it starts anything.
     */
    public static final class Builder extends TreeSettings<Builder> {
        // No EnumMap: it calls values() by reflection, for which newer JDKs make method handles.
        private final Map<ResourceLimit, Limit> resourceLimits = new TreeMap<>();

        private Builder(Map<Setting<?>, Object> values) {
            super(values);
            resourceLimits.putAll(SpawnPolicy.resourceLimits(values));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Limits a resource of the child. Each resource may be set once.
         *
         * <p>Default: the JVM's limits, which are not always the shell's: the JVM raises its own soft limit on
         * descriptors to the hard one. Cost: one prlimit64(2) for each. Raising a hard limit needs CAP_SYS_RESOURCE:
         * EPERM at {@link SpawnStage#RESOURCE_LIMIT}. Source: prlimit(2), Linux 2.6.36.
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
         * The policy with the settings so far. The builder stays usable, and what is set remains set.
         *
         * @return a new policy
         * @throws IllegalStateException if {@link #leftovers} are set without {@link #containment}, or a limit of a
         *     cgroup without CGROUP as the only one
         */
        public SpawnPolicy build() {
            ContainmentCheck.requirements(values);
            Setting.RESOURCE_LIMITS.put(values, Collections.unmodifiableMap(new TreeMap<>(resourceLimits)));
            putDescriptors();
            return new SpawnPolicy(values);
        }
    }
}
