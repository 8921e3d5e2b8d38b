// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.List;
import java.util.Map;

/** Which settings of a policy go together with its containment. */
final class ContainmentCheck {
    private static final List<Setting<?>> CGROUP_LIMITS =
            List.of(Setting.CGROUP_MEMORY_MAX, Setting.CGROUP_PIDS_MAX, Setting.CGROUP_CPU_MAX);

    private ContainmentCheck() {}

    /** Refuses settings that no containment of the policy can keep. */
    static void contradictions(Setting<?> cause, Map<Setting<?>, Object> values) {
        List<Containment> wanted = Setting.CONTAINMENT.in(values);
        Signal signal = Setting.PARENT_DEATH_SIGNAL.orNull(values);
        Setting<?> other = null;
        if (!wanted.isEmpty() && signal != null && signal != Signal.SIGKILL) {
            other = Setting.PARENT_DEATH_SIGNAL;
        }
        if (values.containsKey(Setting.JOIN_PROCESS_GROUP)
                && (wanted.contains(Containment.PROCESS_GROUP) || wanted.contains(Containment.PID_NAMESPACE))) {
            other = Setting.JOIN_PROCESS_GROUP;
        }
        if (values.containsKey(Setting.JOIN_CGROUP) && wanted.contains(Containment.CGROUP)) {
            other = Setting.JOIN_CGROUP;
        }
        if (other != null) {
            throw new IllegalStateException(cause + " contradicts " + (cause == other ? Setting.CONTAINMENT : other)
                    + ": " + Setting.print(values));
        }
    }

    /** Refuses settings that have no meaning, or not always one, without a certain containment. */
    static void requirements(Map<Setting<?>, Object> values) {
        List<Containment> wanted = Setting.CONTAINMENT.in(values);
        if (values.containsKey(Setting.LEFTOVERS) && wanted.isEmpty()) {
            throw new IllegalStateException("leftovers needs a containment");
        }
        for (Setting<?> limit : CGROUP_LIMITS) {
            if (values.containsKey(limit) && !wanted.equals(List.of(Containment.CGROUP))) {
                throw new IllegalStateException(
                        limit + " needs the containment CGROUP, and no other in its stead: " + wanted);
            }
        }
    }
}
