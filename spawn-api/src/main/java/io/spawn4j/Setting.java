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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a policy: the key of its value. A policy holds only values that differ from the default, so that two
 * ways to the same policy are equal and print alike.
 *
 * @param <T> the type of its value, immutable or never handed out
 */
final class Setting<T> {
    static final Setting<Set<Signal>> BLOCKED_SIGNALS = new Setting<>("blockedSignals", Set.of());
    static final Setting<Set<Signal>> IGNORED_SIGNALS = new Setting<>("ignoredSignals", Set.of());
    static final Setting<Signal> PARENT_DEATH_SIGNAL = new Setting<>("parentDeathSignal", null);
    static final Setting<Boolean> NEW_SESSION = new Setting<>("newSession", false);
    static final Setting<Boolean> NEW_PROCESS_GROUP = new Setting<>("newProcessGroup", false);
    static final Setting<Long> JOIN_PROCESS_GROUP = new Setting<>("joinProcessGroup", null);
    static final Setting<Integer> UMASK = new Setting<>("umask", null, "%04o");
    static final Setting<Integer> NICE = new Setting<>("nice", null);
    static final Setting<BitSet> CPU_AFFINITY = new Setting<>("cpuAffinity", null);
    /** Of any type, since that of a limit is nested in the policy, which keys do not know. */
    static final Setting<Map<ResourceLimit, ?>> RESOURCE_LIMITS = new Setting<>("resourceLimits", Map.of());

    static final Setting<SortedMap<Integer, Integer>> EXTRA_DESCRIPTORS =
            new Setting<>("extraDescriptors", Collections.emptySortedMap());
    static final Setting<SortedMap<Integer, Redirect>> EXTRA_FILES =
            new Setting<>("extraFiles", Collections.emptySortedMap());
    static final Setting<Duration> START_TIMEOUT = new Setting<>("startTimeout", null);
    static final Setting<PathLookup> PATH_LOOKUP = new Setting<>("pathLookup", PathLookup.PARENT);

    static final Setting<Integer> OOM_SCORE = new Setting<>("oomScore", null);
    static final Setting<Path> JOIN_CGROUP = new Setting<>("joinCgroup", null);
    static final Setting<String> USER = new Setting<>("user", null);
    static final Setting<String> GROUP = new Setting<>("group", null);
    static final Setting<SortedSet<String>> SUPPLEMENTARY_GROUPS = new Setting<>("supplementaryGroups", null);
    static final Setting<Set<Capability>> KEEP_CAPABILITIES = new Setting<>("keepCapabilities", null);
    static final Setting<Boolean> NO_NEW_PRIVILEGES = new Setting<>("noNewPrivileges", false);
    static final Setting<List<Containment>> CONTAINMENT = new Setting<>("containment", List.of());
    static final Setting<Long> CGROUP_MEMORY_MAX = new Setting<>("cgroupMemoryMax", null);
    static final Setting<Integer> CGROUP_PIDS_MAX = new Setting<>("cgroupPidsMax", null);
    static final Setting<Double> CGROUP_CPU_MAX = new Setting<>("cgroupCpuMax", null);
    static final Setting<Leftovers> LEFTOVERS = new Setting<>("leftovers", Leftovers.LEAVE);

    private static final List<Setting<?>> IN_ORDER = List.of(
            BLOCKED_SIGNALS,
            IGNORED_SIGNALS,
            PARENT_DEATH_SIGNAL,
            NEW_SESSION,
            NEW_PROCESS_GROUP,
            JOIN_PROCESS_GROUP,
            UMASK,
            NICE,
            CPU_AFFINITY,
            RESOURCE_LIMITS,
            EXTRA_DESCRIPTORS,
            EXTRA_FILES,
            START_TIMEOUT,
            PATH_LOOKUP,
            OOM_SCORE,
            JOIN_CGROUP,
            USER,
            GROUP,
            SUPPLEMENTARY_GROUPS,
            KEEP_CAPABILITIES,
            NO_NEW_PRIVILEGES,
            CONTAINMENT,
            CGROUP_MEMORY_MAX,
            CGROUP_PIDS_MAX,
            CGROUP_CPU_MAX,
            LEFTOVERS);

    private final String name;
    private final @Nullable T defaultValue;
    private final String format;

    private Setting(String name, @Nullable T defaultValue) {
        this(name, defaultValue, "%s");
    }

    private Setting(String name, @Nullable T defaultValue, String format) {
        this.name = name;
        this.defaultValue = defaultValue;
        this.format = format;
    }

    /** The value, or the default, or null for a setting whose default is to leave things alone. */
    // put() is the only way in, and checks the type at compile time.
    @SuppressWarnings("unchecked")
    @Nullable
    T orNull(Map<Setting<?>, Object> values) {
        Object value = values.get(this);
        return value == null ? defaultValue : (T) value;
    }

    /** The value or the default, of a setting that has one. */
    T in(Map<Setting<?>, Object> values) {
        return Objects.requireNonNull(orNull(values), name);
    }

    void put(Map<Setting<?>, Object> values, T value) {
        if (value.equals(defaultValue)) {
            values.remove(this);
        } else {
            values.put(this, value);
        }
    }

    static String print(Map<Setting<?>, Object> values) {
        StringJoiner printed = new StringJoiner(", ");
        for (Setting<?> setting : IN_ORDER) {
            if (values.containsKey(setting)) {
                printed.add(setting.printFrom(values));
            }
        }
        return printed.toString();
    }

    private String printFrom(Map<Setting<?>, Object> values) {
        T value = in(values);
        return value.equals(true) ? name : name + "=" + format.formatted(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
