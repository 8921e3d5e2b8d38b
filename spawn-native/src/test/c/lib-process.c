// SPDX-License-Identifier: Apache-2.0
// Signals, limits and attributes of the JVM's own process; see lib.h.
#include "lib.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int disposition(const struct sigaction *action) {
    return action->sa_handler == SIG_DFL ? 0 : action->sa_handler == SIG_IGN ? 1 : 2;
}

int test_sigaction(int signal_number, int ignored) {
    struct sigaction action = {.sa_handler = ignored ? SIG_IGN : SIG_DFL};
    struct sigaction before;
    return sigaction(signal_number, &action, &before) == 0 ? disposition(&before) : -errno;
}

int test_disposition(int signal_number) {
    struct sigaction action;
    return sigaction(signal_number, NULL, &action) == 0 ? disposition(&action) : -errno;
}

int test_block_this_thread(int signal_number, int blocked) {
    sigset_t set;
    sigemptyset(&set);
    if (sigaddset(&set, signal_number) != 0) {
        return -errno;
    }
    return -pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

int test_kill(int pid, int signal_number) {
    return kill(pid, signal_number) == 0 ? 0 : -errno;
}

int test_thread_here(void) {
    return (int)syscall(SYS_gettid);
}

long test_prlimit(int pid, int resource, long soft, long hard) {
    struct rlimit limit = {(rlim_t)soft, (rlim_t)hard};
    struct rlimit before;
    if (prlimit(pid, (__rlimit_resource_t)resource, &limit, &before) != 0) {
        return -errno;
    }
    return before.rlim_cur > INT64_MAX ? INT64_MAX : (long)before.rlim_cur;
}

long test_limit(int resource, int hard) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0) {
        return -errno;
    }
    rlim_t value = hard ? limit.rlim_max : limit.rlim_cur;
    return value > INT64_MAX ? INT64_MAX : (long)value;
}

int test_umask(int mask) {
    return (int)umask((mode_t)mask);
}

int test_nice(int pid_or_thread) {
    errno = 0;
    int value = getpriority(PRIO_PROCESS, (id_t)pid_or_thread);
    return errno != 0 ? -errno : 20 - value;
}

int test_set_nice(int thread, int value) {
    return setpriority(PRIO_PROCESS, (id_t)thread, value) == 0 ? 0 : -errno;
}

int test_allow_ptrace(void) {
    // EINVAL: a kernel without Yama needs no leave.
    return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) == 0 || errno == EINVAL ? 0 : -errno;
}

int test_subreaper(int on) {
    return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) == 0 ? 0 : -errno;
}

int test_is_subreaper(void) {
    int is = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &is, 0, 0, 0) == 0 ? is : -errno;
}

int test_pidfd_open(int pid) {
    long fd = syscall(SYS_pidfd_open, pid, 0);
    return fd >= 0 ? (int)fd : -errno;
}

int test_can_mount(void) {
    // Privilege and filters are looked at before the file system's name is, and this one does not exist.
    return mount("none", "/", "spawn4j-none", 0, NULL) != 0 && errno == ENODEV;
}
