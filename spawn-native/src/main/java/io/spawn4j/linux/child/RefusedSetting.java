// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A policy setting that the kernel or a container's profile does not grant.
 *
 * @param setting the name of the builder's method
 * @param syscall the call that is refused
 * @param remedy what would make it work
 */
record RefusedSetting(String setting, String syscall, String remedy) {

    /** Null for a stage that belongs to no setting, and for an errno that is no refusal. */
    static @Nullable RefusedSetting of(SpawnStage stage, SpawnPolicy policy, int errno) {
        return errno == Errno.EPERM || errno == Errno.EACCES || errno == Errno.ENOSYS ? at(stage, policy) : null;
    }

    private static @Nullable RefusedSetting at(SpawnStage stage, SpawnPolicy policy) {
        return switch (stage) {
            case SESSION -> profile("newSession", "setsid", "setsid");
            case UMASK -> profile("umask", "umask", "umask");
            case NICE ->
                new RefusedSetting(
                        "nice",
                        "setpriority",
                        "CAP_SYS_NICE, a higher RLIMIT_NICE, or a nice value that is not below the JVM's");
            case AFFINITY -> profile("cpuAffinity", "sched_setaffinity", "sched_setaffinity");
            case RESOURCE_LIMIT ->
                new RefusedSetting(
                        "resourceLimit", "prlimit64", "CAP_SYS_RESOURCE, or hard limits that are not above the JVM's");
            case PARENT_DEATH -> profile("parentDeathSignal", "prctl(PR_SET_PDEATHSIG)", "prctl");
            case HELPER ->
                new RefusedSetting(
                        String.join(", ", InitNeed.settingsOf(policy)),
                        "execveat",
                        "a host that lets memfds be executed (sysctl vm.memfd_noexec below 2), or -D"
                                + EngineOptions.HELPER + " with a copy of spawn4j-init from the jar on a file system"
                                + " that is not mounted noexec");
            case OOM_SCORE ->
                new RefusedSetting(
                        "oomScore",
                        "write(/proc/self/oom_score_adj)",
                        "CAP_SYS_RESOURCE, or a score that is not below the JVM's");
            case CGROUP ->
                new RefusedSetting(
                        policy.joinCgroup().isPresent() ? "joinCgroup" : "containment",
                        "open and write(cgroup.procs)",
                        "permission to write cgroup.procs of that cgroup and of the nearest one that it and the"
                                + " JVM's have in common");
            case BOUNDING_SET ->
                new RefusedSetting(
                        "keepCapabilities",
                        "prctl(PR_CAPBSET_DROP)",
                        "CAP_SETPCAP; without it, noNewPrivileges() keeps programs from gaining capabilities");
            case SUPPLEMENTARY_GROUPS ->
                ambient(
                        policy.supplementaryGroups().isPresent() ? "supplementaryGroups" : "user",
                        "setgroups",
                        "CAP_SETGID");
            case GROUP -> ambient(policy.group().isPresent() ? "group" : "user", "setresgid", "CAP_SETGID");
            case USER -> ambient("user", "setresuid or prctl(PR_SET_KEEPCAPS)", "CAP_SETUID");
            case CAPABILITIES ->
                new RefusedSetting(
                        "keepCapabilities",
                        "capset or prctl(PR_CAP_AMBIENT)",
                        "capabilities that the JVM has, as ambient ones if it is not root");
            case NO_NEW_PRIVILEGES -> profile("noNewPrivileges", "prctl(PR_SET_NO_NEW_PRIVS)", "prctl");
            default -> null;
        };
    }

    private static RefusedSetting profile(String setting, String syscall, String allowed) {
        return new RefusedSetting(setting, syscall, "a seccomp profile that allows " + allowed);
    }

    private static RefusedSetting ambient(String setting, String syscall, String capability) {
        return new RefusedSetting(setting, syscall, capability + ", as an ambient capability if the JVM is not root");
    }
}
