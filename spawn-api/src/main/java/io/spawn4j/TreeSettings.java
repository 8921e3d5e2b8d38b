// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.Map;

/**
 * The settings for the tree of a child and all that it starts: what holds it together, and its limits.
 *
 * @param <B> the builder, which each method returns
 */
abstract class TreeSettings<B> extends InitSettings<B> {
    TreeSettings(Map<Setting<?>, Object> values) {
        super(values);
    }

    /**
     * Holds the child and all that it starts together, under a supervising spawn4j-init of its own: the tree dies when
     * the JVM is gone, however it went, and {@link ChildProcess#killTree} ends it with proof. The first of the given
     * ones that the host grants is taken, and {@link ChildProcess#containment()} says which; if none is, the start is
     * refused. Descendants cannot give it up.
     *
     * <p>The child's parent is spawn4j-init then, not the JVM, and so is the parent of its orphaned descendants (with a
     * process group: the host's). spawn4j-init is in a session of its own, ignores signals that can be ignored, and
     * keeps neither the working directory nor a descriptor of the child's. With a PID namespace {@link #user} and its
     * kin know only the JVM's user unless the JVM is root.
     *
     * <p>Default: none. Cost: a process of about 100 KB for as long as the tree lives, an exec of it and a fork before
     * the program's exec; a cgroup is made and removed; the namespaces cost the kernel about as much as two processes.
     * Refused calls show at {@link SpawnStage#CONTAINMENT}. Source: prctl(2), cgroups(7), pid_namespaces(7); pidfds,
     * Linux 5.3.
     *
     * @param first the containment to try first; {@link Containment#NONE}, alone, for none
     * @param others what to take instead where the host does not grant it, in order
     * @return this
     * @throws IllegalArgumentException if one is given twice, or NONE beside others
     * @throws IllegalStateException if set before, with a parent-death signal other than SIGKILL, or with a setting
     *     that contradicts it: {@link #joinProcessGroup} with PROCESS_GROUP and PID_NAMESPACE, {@link #joinCgroup} with
     *     CGROUP
     */
    public B containment(Containment first, Containment... others) {
        return setBesideContainment(Setting.CONTAINMENT, PolicyCheck.containments(first, others));
    }

    /**
     * The memory that the child and all that it starts may use together, in the cgroup of their own that
     * {@link Containment#CGROUP} gives them. What goes beyond it is reclaimed and swapped out; if that does not help,
     * the kernel kills a process of the tree with SIGKILL, and nothing outside: neither the JVM nor spawn4j-init is in
     * that cgroup. Too little for the program's exec ends it there, as a start that failed without an errno or as a
     * death by SIGKILL. A program that may write to its cgroup's files, as one of the JVM's user may, can lift this
     * limit and the others; another {@link #user} cannot.
     *
     * <p>Default: no limit of its own. Cost: open(2), write(2) and close(2) by spawn4j-init. The cgroup in which the
     * tree's is made must pass the controller on ({@code memory} in its {@code cgroup.subtree_control}), which the
     * kernel allows only to one without processes of its own: name such a one with {@code -Dio.spawn4j.cgroup}.
     * Otherwise ENOENT at {@link SpawnStage#CONTAINMENT}, and nothing is started. Source: memory.max in the kernel's
     * cgroup-v2 documentation, Linux 4.5.
     *
     * @param bytes 65536 or more, of which the kernel takes whole pages
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if set before; {@code build()} throws it unless CGROUP is the only containment
     */
    public B cgroupMemoryMax(long bytes) {
        return set(
                Setting.CGROUP_MEMORY_MAX,
                PolicyCheck.range("cgroupMemoryMax", bytes, PolicyCheck.MIN_CGROUP_MEMORY, Long.MAX_VALUE));
    }

    /**
     * How many tasks, which are processes and threads, the child and all that it starts may be at a time, itself
     * included. Beyond that their forks fail with EAGAIN.
     *
     * <p>Default: no limit of its own. Cost, and what it takes: as {@link #cgroupMemoryMax}, with the controller
     * {@code pids}. Source: pids.max in the kernel's cgroup-v2 documentation, Linux 4.5.
     *
     * @param tasks 1 to 4194304
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if set before; {@code build()} throws it unless CGROUP is the only containment
     */
    public B cgroupPidsMax(int tasks) {
        return set(Setting.CGROUP_PIDS_MAX, (int) PolicyCheck.range("cgroupPidsMax", tasks, 1, PolicyCheck.MAX_TASKS));
    }

    /**
     * The processor time that the child and all that it starts may use together: so many CPUs' worth in every period of
     * 100 ms. What is used up earlier waits for the next period.
     *
     * <p>Default: no limit of its own. Cost, and what it takes: as {@link #cgroupMemoryMax}, with the controller
     * {@code cpu}. Source: cpu.max in the kernel's cgroup-v2 documentation, Linux 4.15.
     *
     * @param cpus 0.01 to 100000; 1.5 for one and a half
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if set before; {@code build()} throws it unless CGROUP is the only containment
     */
    public B cgroupCpuMax(double cpus) {
        return set(Setting.CGROUP_CPU_MAX, PolicyCheck.cpus(cpus));
    }

    /**
     * What happens to the descendants that are left when the child itself has ended. Only a contained child's are
     * known.
     *
     * <p>Default: {@link Leftovers#LEAVE}. Cost: none. Source: waitid(2) in spawn4j-init, which is their subreaper.
     *
     * @param leftovers leave, kill or wait
     * @return this
     * @throws IllegalStateException if set before; {@code build()} throws it where there is no containment
     */
    public B leftovers(Leftovers leftovers) {
        return set(Setting.LEFTOVERS, leftovers);
    }
}
