// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/**
 * What holds a child and all that it starts together, so that the whole tree can be ended. With every one but NONE a
 * small supervising process, spawn4j-init, is the child's parent; it lives outside the JVM and as long as the tree
 * does, and ends the tree when the JVM is gone, however it went. {@code docs/guarantees.md} says for each what escapes
 * it.
 *
 * @see SpawnPolicy.Builder SpawnPolicy.Builder.containment
 */
public enum Containment {
    /** Nothing does: only the child itself is known. */
    NONE,
    /**
     * A process group: a descendant that makes a group or session of its own escapes. Source: setpgid(2), killpg(3).
     */
    PROCESS_GROUP,
    /**
     * spawn4j-init is the subreaper of the tree: what is orphaned, by a double fork or a new session, comes back to it.
     * No rights are needed. A descendant with the same user ID that kills or stops spawn4j-init escapes. Source:
     * PR_SET_CHILD_SUBREAPER in prctl(2), Linux 3.4; pidfd_open(2), Linux 5.3.
     */
    SUBREAPER,
    /**
     * A cgroup of its own below the JVM's, beside what SUBREAPER does: needs a cgroup of version 2 that the JVM may
     * write to. Only a descendant that may move itself to another cgroup <em>and</em> kills spawn4j-init escapes.
     * Source: cgroups(7), cgroup.kill, Linux 5.14.
     */
    CGROUP,
    /**
     * A PID namespace with a {@code /proc} of its own, in which the program sees other pids than the host; for an
     * ordinary user inside a user namespace, where all files of others belong to nobody. Nothing escapes. Source:
     * pid_namespaces(7), user_namespaces(7).
     */
    PID_NAMESPACE
}
