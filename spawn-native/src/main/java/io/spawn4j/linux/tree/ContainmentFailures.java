// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;

/** The exceptions of a start whose tree cannot be held together as its policy asks. */
public final class ContainmentFailures {
    private ContainmentFailures() {}

    /** No cgroup can be made for the tree. */
    static SpawnException noLeafParent(SpawnRequest request, StartFailure why) {
        return new UnsupportedPolicyException(
                Failures.opening(request),
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
                        + EngineOptions.CGROUP + " names), and Linux 5.14";
            case PID_NAMESPACE ->
                "CAP_SYS_ADMIN, or user namespaces (sysctl user.max_user_namespaces above 0, no profile or security module"
                        + " that refuses them) and a /proc of which nothing is masked";
            default -> "a /proc with the children of threads (CONFIG_PROC_CHILDREN), and Linux 5.3";
        };
    }

    /** What a supervising spawn4j-init could not do before it started the program. */
    public static SpawnException containment(SpawnRequest request, Containment containment, String call, int errno) {
        if (Errno.isShortage(errno)) {
            return Failures.at(request, SpawnStage.CONTAINMENT, errno, call);
        }
        return new UnsupportedPolicyException(
                Failures.opening(request),
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
            return Failures.at(request, SpawnStage.CONTAINMENT, errno, call);
        }
        return new UnsupportedPolicyException(
                Failures.opening(request),
                limit.setting(),
                call,
                SpawnStage.CONTAINMENT,
                errno,
                Errno.name(errno),
                "\"" + limit.controller()
                        + "\" in cgroup.subtree_control of the cgroup in which the tree's is made, which"
                        + " only one without processes of its own can have: -D" + EngineOptions.CGROUP
                        + " names such a one");
    }
}
