// SPDX-License-Identifier: Apache-2.0
//
// What this kernel, emulator or container really does, found out by doing, before the first request depends on it.
#include <errno.h>
#include <linux/prctl.h>
#include <poll.h>
#include <sys/mman.h>

#include "futex.h"
#include "spawner.h"
#include "sys.h"

enum { MARK = 42, PATIENCE_MILLIS = 2000, ID_PIDFD = 3, WAIT_NO_HANG = 1, WAIT_EXITED = 4 };

struct trial {
    uint32_t busy;
    uint32_t mark;
};

static void trial_child(void *argument) {
    ((struct trial *)argument)->mark = MARK;
    for (;;)
        SYS(exit_group, 0);
}

// Errors by which a kernel or a container profile says that a call is not to be had, rather than that it failed this
// time.
static int means_unsupported(long error) {
    return error == -ENOSYS || error == -EPERM || error == -EINVAL || error == -E2BIG || error == -EACCES ||
           error == -EOPNOTSUPP;
}

static long pidfd_works(int32_t pidfd) {
    struct k_siginfo info;
    struct pollfd one = {pidfd, POLLIN, 0};
    int64_t time[2] = {PATIENCE_MILLIS / 1000, 0};
    if (pidfd < 0)
        return -ENOSYS; // before Linux 5.2 the flag is not an error, and not obeyed
    long ret = SYS(pidfd_send_signal, pidfd, 0, 0, 0);
    if (ret < 0 && ret != -ESRCH)
        return ret;
    while ((ret = SYS(ppoll, &one, 1, time, 0, 0)) == -EINTR) {
    }
    if (ret < 0)
        return ret;
    if (ret == 0 || !(one.revents & POLLIN))
        return -ENOSYS; // before Linux 5.3 a pidfd cannot be polled
    info.pid = 0;
    ret = SYS(waitid, ID_PIDFD, pidfd, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    return ret == -ECHILD ? 0 : ret; // a foreign waiter may have been quicker
}

static long one_trial(struct s4j_spawner *spawner, uint64_t stack) {
    struct trial *trial = (struct trial *)(stack + S4J_STACK_BYTES);
    int32_t pidfd;
    trial->mark = 0;
    __atomic_store_n(&trial->busy, 1, __ATOMIC_RELEASE);
    long pid = s4j_clone(spawner->avoid, trial_child, trial, stack, &trial->busy, &pidfd);
    if (pid < 0)
        return pid;
    long ret = 0;
    while (__atomic_load_n(&trial->busy, __ATOMIC_ACQUIRE))
        if (futex_wait(&trial->busy, 1, PATIENCE_MILLIS * INT64_C(1000000)) == -ETIMEDOUT)
            return -ETIME; // an emulator that knows no CLONE_CHILD_CLEARTID; the child's memory stays mapped
    if (trial->mark != MARK)
        ret = -ETIME; // the child had a copy, not our memory
    long works = spawner->avoid & AVOID_PIDFD ? -ENOSYS : pidfd_works(pidfd);
    if (works < 0 && !means_unsupported(works)) { // a shortage says nothing about pidfds
        SYS(wait4, pid, 0, 0, 0);
        ret = works;
    } else if (works < 0) {
        if (!(spawner->avoid & AVOID_PIDFD))
            spawner->pidfd_error = (int32_t)-works;
        spawner->avoid |= AVOID_PIDFD;
        SYS(wait4, pid, 0, 0, 0);
    }
    if (pidfd >= 0)
        SYS(close, pidfd);
    return ret;
}

void s4j_self_test(struct s4j_spawner *spawner) {
    long stack = SYS(mmap, 0, S4J_STACK_BYTES + S4J_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack < 0) {
        spawner->self_test_error = (int32_t)-stack;
        return;
    }
    long ret = one_trial(spawner, (uint64_t)stack);
    if (means_unsupported(ret) && !(spawner->avoid & AVOID_CLONE3)) {
        spawner->avoid |= AVOID_CLONE3;
        spawner->clone3_error = (int32_t)-ret;
        ret = one_trial(spawner, (uint64_t)stack);
    }
    if (means_unsupported(ret) && !(spawner->avoid & AVOID_PIDFD)) { // a filter that knows clone without CLONE_PIDFD
        spawner->avoid |= AVOID_PIDFD;
        spawner->pidfd_error = (int32_t)-ret;
        ret = one_trial(spawner, (uint64_t)stack);
    }
    spawner->self_test_error = (int32_t)-ret;
    if (ret != -ETIME)
        SYS(munmap, stack, S4J_STACK_BYTES + S4J_PAGE);
}

// ---- probes where a seccomp filter may answer with death ----

// The calls that a filter could kill for, in a form that does nothing. Returns the bits of s4j_spawner.avoid.
enum { PROBE_CLONE3, PROBE_CLOSE_RANGE, PROBE_PIDFD_SIGNAL, PROBE_UNSHARE, PROBE_COUNT };

static long harmless(int probe) {
    switch (probe) {
    case PROBE_CLONE3:
        return SYS(clone3, 0, 0); // EINVAL where it is known
    case PROBE_CLOSE_RANGE:
        return SYS(close_range, ~0U, ~0U, 0);
    case PROBE_PIDFD_SIGNAL:
        return SYS(pidfd_send_signal, -1, 0, 0, 0); // EBADF where it is known
    default:
        return SYS(unshare, 0x400); // CLONE_FILES: nobody shares this process's table
    }
}

// Forks (memory copied, nothing shared but one page) and runs the probes there; one that kills its process is marked by
// the value it left, and the next process goes on behind it.
S4J_EXPORT long s4j_probe_disposable(void) {
    enum { UNTRIED, STARTED, PASSED };
    static const uint32_t bits[PROBE_COUNT] = {AVOID_CLONE3, AVOID_CLOSE_RANGE, AVOID_PIDFD, AVOID_UNSHARE};
    long page = SYS(mmap, 0, S4J_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page < 0)
        return page;
    volatile uint32_t *results = (volatile uint32_t *)page;
    long avoid = 0;
    for (int next = 0; next < PROBE_COUNT;) {
        uint64_t all = ~UINT64_C(0), before;
        SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &all, &before, K_SIGSET_BYTES);
        long pid = SYS(clone, 17 /* SIGCHLD */, 0, 0, 0, 0);
        if (pid == 0) {
            SYS(prctl, PR_SET_DUMPABLE, 0, 0, 0,
                0); // a filter's kill would write this copy of the JVM's memory to a core
            for (int i = next; i < PROBE_COUNT; i++) {
                results[i] = STARTED;
                harmless(i);
                results[i] = PASSED;
            }
            for (;;)
                SYS(exit_group, 0);
        }
        SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &before, 0, K_SIGSET_BYTES);
        if (pid < 0) {
            avoid = pid;
            break;
        }
        long ret;
        do {
            ret = SYS(wait4, pid, 0, 0, 0);
        } while (ret == -EINTR);
        while (next < PROBE_COUNT && results[next] == PASSED)
            next++;
        if (next < PROBE_COUNT)
            avoid |= bits[next++];
    }
    SYS(munmap, page, S4J_PAGE);
    return avoid;
}
