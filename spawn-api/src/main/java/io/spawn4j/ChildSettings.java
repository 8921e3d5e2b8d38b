// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The settings that any child may have: signals, session, attributes of its process, and how it is started.
 *
 * @param <B> the builder, which each method returns
 */
abstract class ChildSettings<B> extends SettingsBuilder<B> {
    ChildSettings(Map<Setting<?>, Object> values) {
        super(values);
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
    public B blockedSignals(Set<Signal> signals) {
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
    public B ignoredSignals(Set<Signal> signals) {
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
    public B parentDeathSignal(Signal signal) {
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
    public B newSession() {
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
    public B newProcessGroup() {
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
    public B joinProcessGroup(long group) {
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
    public B umask(int mask) {
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
    public B nice(int value) {
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
    public B cpuAffinity(int... cpus) {
        return set(Setting.CPU_AFFINITY, PolicyCheck.cpus(cpus));
    }

    /**
     * How long {@link SpawnBuilder#start()} may take until the child is past its exec. After that it throws a
     * {@link SpawnException} with ETIMEDOUT and the stage that was reached, and the child, if there is one, is killed.
     * An exec can hang on a file system that does not answer. The time runs from when the files of the redirects are
     * open: opening them is not covered, and neither are names of users and groups, the cgroup's file, and the set-up
     * of the engine by the JVM's first start (20 s at most).
     *
     * <p>Default: for ever, as ProcessBuilder. Cost: none. Stage: {@link SpawnStage#SPAWNER} while the request waits
     * for its turn, later the child's own, for example {@link SpawnStage#EXEC}. Source: execve(2), futex(2).
     *
     * @param timeout more than zero, at most 292 years
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if set before
     */
    public B startTimeout(Duration timeout) {
        return set(Setting.START_TIMEOUT, PolicyCheck.timeout(timeout));
    }

    /**
     * Which {@code PATH} finds a program whose name has no slash.
     *
     * <p>Default: {@link PathLookup#PARENT}, as ProcessBuilder. Cost: none. A program that is in none of its
     * directories shows at {@link SpawnStage#EXEC} with ENOENT. Source: execvp(3).
     *
     * @param lookup the JVM's or the child's
     * @return this
     * @throws IllegalStateException if set before
     */
    public B pathLookup(PathLookup lookup) {
        return set(Setting.PATH_LOOKUP, lookup);
    }
}
