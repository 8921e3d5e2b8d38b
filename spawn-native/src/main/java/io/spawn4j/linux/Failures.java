// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a stage and an errno into the exception that {@code start()} throws. Its opening words are the JDK's. */
final class Failures {
    private static final Set<String> SHORTAGES =
            Set.of("EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "ENOBUFS", "ETOOMANYREFS", "ETIMEDOUT", "EINTR");

    private Failures() {}

    /** {@code Cannot run program "x" (in directory "d")}. */
    static String opening(SpawnRequest request) {
        File directory = request.directory();
        return "Cannot run program \"" + request.command().get(0) + "\""
                + (directory == null ? "" : " (in directory \"" + directory + "\")");
    }

    static SpawnException at(SpawnRequest request, SpawnStage stage, int errno) {
        return at(request, stage, errno, "");
    }

    static SpawnException at(SpawnRequest request, SpawnStage stage, int errno, String detail) {
        SpawnException refused = refusedSetting(request, stage, errno);
        if (refused != null) {
            return refused;
        }
        String message = opening(request) + ": error=" + errno + ", " + Errno.text(errno) + " (" + Errno.name(errno)
                + ", stage: " + stage + ")" + (detail.isEmpty() ? "" : "; " + detail);
        return new SpawnException(message, stage, errno, Errno.name(errno), null);
    }

    static SpawnException redirect(SpawnRequest request, File file, int errno) {
        String message = opening(request) + ": " + file + " (" + Errno.text(errno) + ") (" + Errno.name(errno)
                + ", stage: " + SpawnStage.REDIRECT + ")";
        return new SpawnException(message, SpawnStage.REDIRECT, errno, Errno.name(errno), null);
    }

    /** What a start needs cannot be had: the engine, spawn4j-init, the user database. */
    static SpawnException unprepared(SpawnRequest request, SpawnStage stage, StartFailure why) {
        String message = opening(request) + ": " + why.getMessage() + " (stage: " + stage + ")";
        return new SpawnException(message, stage, why.errno(), Errno.name(why.errno()), why);
    }

    /** No cgroup can be made for the tree. */
    static SpawnException noLeafParent(SpawnRequest request, StartFailure why) {
        return new UnsupportedPolicyException(
                opening(request),
                "containment",
                String.valueOf(why.getMessage()),
                SpawnStage.CONTAINMENT,
                why.errno(),
                Errno.name(why.errno()),
                remedy(Containment.CGROUP));
    }

    private static String remedy(Containment containment) {
        return switch (containment) {
            case CGROUP ->
                "a cgroup of version 2 that the JVM may make others in (its own, delegated to its user, or the one that -D"
                        + LeafParent.PROPERTY + " names), and Linux 5.14";
            case PID_NAMESPACE ->
                "CAP_SYS_ADMIN, or user namespaces (sysctl user.max_user_namespaces above 0, no profile or security module"
                        + " that refuses them) and a /proc of which nothing is masked";
            default -> "a /proc with the children of threads (CONFIG_PROC_CHILDREN), and Linux 5.3";
        };
    }

    /** What a supervising spawn4j-init could not do before it started the program. */
    static SpawnException containment(SpawnRequest request, Containment containment, String call, int errno) {
        if (isShortage(errno)) {
            return at(request, SpawnStage.CONTAINMENT, errno, call);
        }
        return new UnsupportedPolicyException(
                opening(request),
                "containment",
                call,
                SpawnStage.CONTAINMENT,
                errno,
                Errno.name(errno),
                remedy(containment));
    }

    /** A limit that the tree's cgroup cannot have. */
    static SpawnException cgroupLimit(SpawnRequest request, CgroupLimit limit, String call, int errno) {
        if (errno != Errno.ENOENT && errno != Errno.EACCES && errno != Errno.EPERM) { // the value, or a shortage
            return at(request, SpawnStage.CONTAINMENT, errno, call);
        }
        return new UnsupportedPolicyException(
                opening(request),
                limit.setting(),
                call,
                SpawnStage.CONTAINMENT,
                errno,
                Errno.name(errno),
                "\"" + limit.controller()
                        + "\" in cgroup.subtree_control of the cgroup in which the tree's is made, which"
                        + " only one without processes of its own can have: -D" + LeafParent.PROPERTY
                        + " names such a one");
    }

    /** Whether it may be different in a moment, for reasons that are not the host's rules. */
    static boolean isShortage(int errno) {
        return SHORTAGES.contains(Errno.name(errno));
    }

    /** The start timeout has passed. */
    static SpawnException late(SpawnRequest request, SpawnStage stage) {
        return at(
                request,
                stage,
                Errno.ETIMEDOUT,
                "not started within " + request.policy().startTimeout().orElseThrow());
    }

    static SpawnException killedBeforeExec(SpawnRequest request, SpawnStage stage, String how) {
        String message = opening(request) + ": the child was ended before its exec: " + how + " (stage: " + stage + ")";
        return new SpawnException(message, stage, 0, "", null);
    }

    /** A policy setting that the kernel or a container's profile does not grant, or null for any other failure. */
    private static @Nullable SpawnException refusedSetting(SpawnRequest request, SpawnStage stage, int errno) {
        if (errno != Errno.EPERM && errno != Errno.EACCES && errno != Errno.ENOSYS) {
            return null;
        }
        String setting;
        String syscall;
        String remedy;
        switch (stage) {
            case SESSION -> {
                setting = "newSession";
                syscall = "setsid";
                remedy = "a seccomp profile that allows setsid";
            }
            case UMASK -> {
                setting = "umask";
                syscall = "umask";
                remedy = "a seccomp profile that allows umask";
            }
            case NICE -> {
                setting = "nice";
                syscall = "setpriority";
                remedy = "CAP_SYS_NICE, a higher RLIMIT_NICE, or a nice value that is not below the JVM's";
            }
            case AFFINITY -> {
                setting = "cpuAffinity";
                syscall = "sched_setaffinity";
                remedy = "a seccomp profile that allows sched_setaffinity";
            }
            case RESOURCE_LIMIT -> {
                setting = "resourceLimit";
                syscall = "prlimit64";
                remedy = "CAP_SYS_RESOURCE, or hard limits that are not above the JVM's";
            }
            case PARENT_DEATH -> {
                setting = "parentDeathSignal";
                syscall = "prctl(PR_SET_PDEATHSIG)";
                remedy = "a seccomp profile that allows prctl";
            }
            case HELPER -> {
                setting = String.join(", ", InitSettings.settingsOf(request.policy()));
                syscall = "execveat";
                remedy = "a host that lets memfds be executed (sysctl vm.memfd_noexec below 2), or -D"
                        + HelperImage.PROPERTY
                        + " with a copy of spawn4j-init from the jar on a file system that is not mounted noexec";
            }
            case OOM_SCORE -> {
                setting = "oomScore";
                syscall = "write(/proc/self/oom_score_adj)";
                remedy = "CAP_SYS_RESOURCE, or a score that is not below the JVM's";
            }
            case CGROUP -> {
                boolean joins = request.policy().joinCgroup().isPresent();
                setting = joins ? "joinCgroup" : "containment";
                syscall = "open and write(cgroup.procs)";
                remedy =
                        "permission to write cgroup.procs of that cgroup and of the nearest one that it and the JVM's have in common";
            }
            case BOUNDING_SET -> {
                setting = "keepCapabilities";
                syscall = "prctl(PR_CAPBSET_DROP)";
                remedy = "CAP_SETPCAP; without it, noNewPrivileges() keeps programs from gaining capabilities";
            }
            case SUPPLEMENTARY_GROUPS -> {
                setting = request.policy().supplementaryGroups().isPresent() ? "supplementaryGroups" : "user";
                syscall = "setgroups";
                remedy = "CAP_SETGID, as an ambient capability if the JVM is not root";
            }
            case GROUP -> {
                setting = request.policy().group().isPresent() ? "group" : "user";
                syscall = "setresgid";
                remedy = "CAP_SETGID, as an ambient capability if the JVM is not root";
            }
            case USER -> {
                setting = "user";
                syscall = "setresuid or prctl(PR_SET_KEEPCAPS)";
                remedy = "CAP_SETUID, as an ambient capability if the JVM is not root";
            }
            case CAPABILITIES -> {
                setting = "keepCapabilities";
                syscall = "capset or prctl(PR_CAP_AMBIENT)";
                remedy = "capabilities that the JVM has, as ambient ones if it is not root";
            }
            case NO_NEW_PRIVILEGES -> {
                setting = "noNewPrivileges";
                syscall = "prctl(PR_SET_NO_NEW_PRIVS)";
                remedy = "a seccomp profile that allows prctl";
            }
            default -> {
                return null;
            }
        }
        return new UnsupportedPolicyException(
                opening(request), setting, syscall, stage, errno, Errno.name(errno), remedy);
    }
}
