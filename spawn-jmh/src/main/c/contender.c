// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "contender.h"
#include "freestanding.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS = 3, SIGNALS = 64, KERNEL_SIGSET = SIGNALS / 8, BY_SIGNAL = 128 };

struct stdio {
    int child[STREAMS];
    int parent[STREAMS];
};

static void close_all(int fds[STREAMS]) {
    contender_close_descriptors(fds, STREAMS);
    for (int i = 0; i < STREAMS; i++)
        fds[i] = -1;
}

static int open_stdio(struct stdio *io, int pipes) {
    for (int i = 0; i < STREAMS; i++)
        io->child[i] = io->parent[i] = -1;
    for (int i = 0; i < STREAMS; i++) {
        int child_reads = i == STDIN_FILENO;
        if (pipes) {
            int ends[2];
            if (pipe2(ends, O_CLOEXEC) < 0)
                return errno;
            io->child[i] = ends[child_reads ? 0 : 1];
            io->parent[i] = ends[child_reads ? 1 : 0];
        } else {
            io->child[i] = open("/dev/null", O_CLOEXEC | (child_reads ? O_RDONLY : O_WRONLY));
            if (io->child[i] < 0)
                return errno;
        }
    }
    return 0;
}

static int posix_spawn_in(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const int fds[STREAMS],
                          char *const argv[], pid_t *pid) {
    sigset_t none, all;
    sigemptyset(&none);
    /* sigfillset leaves out the C library's own two signals, and posix_spawn then lets the child ignore them. */
    memset(&all, 0xff, sizeof all);
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    for (int i = 0; i < STREAMS && !error; i++)
        error = posix_spawn_file_actions_adddup2(actions, fds[i], i);
    if (error)
        return error;
    return posix_spawn(pid, argv[0], actions, attributes, argv, environ);
}

static int start_posix_spawn(const int fds[STREAMS], char *const argv[], pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = posix_spawn_in(&actions, &attributes, fds, argv, pid);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* What the caller hands to a child that runs in its memory, and what it gets back. */
struct request {
    char *const *argv;
    const int *fds;
    volatile long error;
};

/*
 * The child from its first instruction to the exec. It shares the JVM's memory, so it makes system calls and nothing
 * else; what fails is told through that memory. It makes as many calls for the dispositions as glibc's posix_spawn.
 */
static __attribute__((noinline, noreturn)) void run_child(struct request *request) {
    /* The kernel's struct sigaction: handler, flags, restorer, mask. */
    static const unsigned long default_action[4], no_signals;
    for (int signal = 1; signal <= SIGNALS; signal++) {
        if (signal != SIGKILL && signal != SIGSTOP)
            raw_call(__NR_rt_sigaction, signal, (long)default_action, 0, KERNEL_SIGSET);
    }
    long result = 0;
    for (int i = 0; i < STREAMS && result >= 0; i++)
        result = raw_call(__NR_dup3, request->fds[i], i, 0, 0);
    if (result >= 0)
        result = raw_call(__NR_rt_sigprocmask, SIG_SETMASK, (long)&no_signals, 0, KERNEL_SIGSET);
    if (result >= 0)
        result = raw_call(__NR_execve, (long)request->argv[0], (long)request->argv, (long)environ, 0);
    request->error = -result;
    for (;;)
        raw_call(__NR_exit_group, BY_SIGNAL - 1, 0, 0, 0);
}

/*
 * Both of the next two return in the parent only: until its exec the child runs on this thread's stack, below their
 * frames. They are not to be inlined, so that nothing of their callers is kept in registers or slots that the child
 * could change.
 */
static __attribute__((noinline)) long clone_by_vfork(struct request *request) {
    pid_t pid = vfork();
    if (pid == 0)
        run_child(request);
    return pid < 0 ? -errno : pid;
}

/* Not through libc's syscall(): it would return in the child, and the parent would find its frame overwritten. */
static __attribute__((noinline)) long clone_by_clone3(struct request *request, const struct clone_args *arguments) {
    long pid = raw_call(__NR_clone3, (long)arguments, sizeof *arguments, 0, 0);
    if (pid == 0)
        run_child(request);
    return pid;
}

static int wait_for(pid_t pid, siginfo_t *status) {
    while (waitid(P_PID, (id_t)pid, status, WEXITED) < 0) {
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

static int start_in_our_memory(int how, const int fds[STREAMS], char *const argv[], pid_t *pid) {
    struct request request = {.argv = argv, .fds = fds, .error = 0};
    struct clone_args arguments = {.flags = CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    /* No handler of the JVM's may run in the child. libc's own calls would leave two signals unblocked. */
    unsigned long all = ~0UL, before;
    long blocked = raw_call(__NR_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&before, KERNEL_SIGSET);
    if (blocked < 0)
        return (int)-blocked;
    long child = how == CONTENDER_VFORK ? clone_by_vfork(&request) : clone_by_clone3(&request, &arguments);
    raw_call(__NR_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, KERNEL_SIGSET);
    if (child < 0)
        return (int)-child;
    *pid = (pid_t)child;
    if (request.error) {
        siginfo_t status;
        wait_for(*pid, &status);
    }
    return (int)request.error;
}

long contender_start(int how, char *const argv[], int pipes, int *child) {
    struct stdio io;
    pid_t pid = -1;
    int error = open_stdio(&io, pipes);
    if (!error)
        error = how == CONTENDER_POSIX_SPAWN ? start_posix_spawn(io.child, argv, &pid)
                                             : start_in_our_memory(how, io.child, argv, &pid);
    close_all(io.child);
    if (error) {
        close_all(io.parent);
        return -error;
    }
    child[CONTENDER_PID] = pid;
    memcpy(child + CONTENDER_INPUT, io.parent, sizeof io.parent);
    return 0;
}

long contender_finish(int *child) {
    siginfo_t status;
    int error = wait_for(child[CONTENDER_PID], &status);
    if (!error && (status.si_code != CLD_EXITED || status.si_status != 0))
        error = EPROTO;
    close_all(child + CONTENDER_INPUT);
    return -error;
}

long contender_spawn(int how, char *const argv[], int pipes) {
    int child[CONTENDER_CHILD];
    long result = contender_start(how, argv, pipes, child);
    return result < 0 ? result : contender_finish(child);
}

static long nanos_of(struct timespec time) {
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long monotonic_nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanos_of(now);
}

long contender_spawn_loop(int how, char *const argv[], int pipes, long count) {
    long begin = monotonic_nanos();
    for (long i = 0; i < count; i++) {
        long result = contender_spawn(how, argv, pipes);
        if (result < 0)
            return result;
    }
    return monotonic_nanos() - begin;
}

long contender_wait(int pid) {
    siginfo_t status;
    int error = wait_for(pid, &status);
    if (error)
        return -error;
    return status.si_code == CLD_EXITED ? status.si_status : BY_SIGNAL + status.si_status;
}

long contender_kill(int pid) {
    return kill(pid, SIGKILL) < 0 ? -errno : 0;
}

long contender_read(int fd, void *buffer, long size) {
    ssize_t result;
    do {
        result = read(fd, buffer, (size_t)size);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

long contender_exit_latency(char *const argv[], long *nanos) {
    int child[CONTENDER_CHILD];
    long result = contender_start(CONTENDER_POSIX_SPAWN, argv, 1, child);
    if (result < 0)
        return result;
    result = contender_wait(child[CONTENDER_PID]);
    long reaped = monotonic_nanos();
    long stamp = 0;
    if (result > 0)
        result = -EPROTO;
    if (result == 0)
        result = contender_read(child[CONTENDER_OUTPUT], &stamp, sizeof stamp);
    close_all(child + CONTENDER_INPUT);
    if (result < 0)
        return result;
    *nanos = reaped - stamp;
    return result == sizeof stamp ? 0 : -EPROTO;
}

long contender_usage(int children, long *out) {
    struct rusage usage;
    if (getrusage(children ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage) < 0)
        return -errno;
    out[0] = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000L +
             (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000L;
    out[1] = usage.ru_nvcsw;
    out[2] = usage.ru_nivcsw;
    return 0;
}

long contender_open_descriptors(int *fds, int count) {
    for (int i = 0; i < count; i++) {
        fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (fds[i] < 0) {
            int error = errno;
            contender_close_descriptors(fds, i);
            return -error;
        }
    }
    return 0;
}

void contender_close_descriptors(const int *fds, int count) {
    for (int i = 0; i < count; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}
