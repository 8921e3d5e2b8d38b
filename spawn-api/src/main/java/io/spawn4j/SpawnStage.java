// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.Locale;

/**
 * A step on the way from {@link SpawnBuilder#start()} to the running program, in the order in which they happen. A
 * {@link SpawnException} names the one that failed. The system call's name is in the message.
 *
 * <p>The posix_spawn engine gets one errno for all that happens between clone and exec, and no step. It names {@link
 * #CLONE} for EAGAIN and ENOMEM, {@link #DIRECTORY} if the working directory cannot be entered when it looks
 * afterwards, {@link #PROCESS_GROUP} for EPERM and ESRCH of a child that was to join a group, and {@link #EXEC}
 * otherwise.
 */
public enum SpawnStage {
    /**
     * The request is checked and encoded, before anything is started. No system call yet: errno is 0, except E2BIG
     * and ENOMEM where the arguments do not fit.
     */
    REQUEST,
    /** The caller opens a redirect's file. Usual: ENOENT, EACCES, EISDIR, ENOTDIR, EROFS, ENXIO, EMFILE. */
    REDIRECT,
    /**
     * The engine starts, or takes the request. Usual: EAGAIN and ENOMEM where it cannot start its thread, EMFILE
     * and ENFILE for its sockets, ETIMEDOUT when it takes no request.
     */
    SPAWNER,
    /** The pipes of the standard streams are made. Usual: EMFILE, ENFILE. */
    PIPE,
    /** The kernel makes the process. Usual: EAGAIN (RLIMIT_NPROC, pids.max, threads-max), ENOMEM. */
    CLONE,
    /**
     * The descriptors of the child come back to the JVM. Usual: EMFILE (the JVM has no free descriptor),
     * ETOOMANYREFS, ENOBUFS, ENOMEM; ETIMEDOUT when the start timeout passed before the exec.
     */
    REPLY,
    /**
     * In the child: standard streams and extra descriptors are put in place with dup3(2). Usual: EBADF, EMFILE,
     * EINVAL (a number at or above the descriptor limit).
     */
    DESCRIPTORS,
    /** In the child: setsid(2). Usual: EPERM. */
    SESSION,
    /** In the child: setpgid(2). Usual: EPERM (no such group in this session), ESRCH, EACCES. */
    PROCESS_GROUP,
    /** In the child: umask(2), which cannot fail by itself; a seccomp filter can refuse it. */
    UMASK,
    /** In the child: setpriority(2). Usual: EACCES or EPERM (less nice than RLIMIT_NICE allows). */
    NICE,
    /** In the child: sched_setaffinity(2). Usual: EINVAL (none of the CPUs is there and allowed). */
    AFFINITY,
    /** In the child: prlimit64(2). Usual: EPERM (a hard limit raised), EINVAL. */
    RESOURCE_LIMIT,
    /**
     * In the child: prctl(2) with PR_SET_PDEATHSIG, and the proof that the parent still lives. Usual: EINVAL;
     * ESRCH when the parent was gone.
     */
    PARENT_DEATH,
    /** In the child: chdir(2) to the working directory. Usual: ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG. */
    DIRECTORY,
    /**
     * In the child: dispositions and mask, rt_sigaction(2) and rt_sigprocmask(2). Neither fails by itself; a
     * seccomp filter can refuse it.
     */
    SIGNALS,
    /**
     * In the child: execveat(2) of spawn4j-init, which makes the settings below in memory of its own and then becomes
     * the program. Only where the policy has one of them. Usual: EACCES (the host forbids to execute memfds), E2BIG.
     */
    HELPER,
    /**
     * In a supervising spawn4j-init, before it starts the program: it becomes a subreaper, makes its cgroup or
     * namespaces, and clones the program's process. The message names the call. Usual: EPERM, EACCES, ENOSPC (no user
     * namespaces), EAGAIN (RLIMIT_NPROC, pids.max).
     */
    CONTAINMENT,
    /** In spawn4j-init: write(2) to /proc/self/oom_score_adj. Usual: EACCES (lower than allowed), ENOENT (no /proc). */
    OOM_SCORE,
    /**
     * The caller opens cgroup.procs of the cgroup to join, and spawn4j-init writes to it. Usual: ENOENT, EACCES; EBUSY
     * (it passes controllers on), EOPNOTSUPP (it is threaded), ENODEV (it was removed).
     */
    CGROUP,
    /** In spawn4j-init: prctl(2) with PR_CAPBSET_DROP. Usual: EPERM. */
    BOUNDING_SET,
    /** In spawn4j-init: setgroups(2). Usual: EPERM. */
    SUPPLEMENTARY_GROUPS,
    /** In spawn4j-init: setresgid(2). Usual: EPERM. */
    GROUP,
    /** In spawn4j-init: setresuid(2). Usual: EPERM. A user with too many processes shows at {@link #EXEC}: EAGAIN. */
    USER,
    /** In spawn4j-init: capset(2), and prctl(2) with PR_CAP_AMBIENT. Usual: EPERM. */
    CAPABILITIES,
    /** In spawn4j-init: prctl(2) with PR_SET_NO_NEW_PRIVS. It cannot fail by itself; a seccomp filter can refuse it. */
    NO_NEW_PRIVILEGES,
    /**
     * In the child: execve(2). Usual: ENOENT (no such program, or its interpreter is missing), EACCES (not
     * executable, or a directory), E2BIG, ENOEXEC, ETXTBSY, ENOMEM, ELOOP.
     */
    EXEC;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');

    /**
     * The name as messages have it.
     *
     * @return for example {@code parent death}
     */
    @Override
    public String toString() {
        return text;
    }
}
