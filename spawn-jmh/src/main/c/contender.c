// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "contender.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS = 3 };

struct stdio {
    int child[STREAMS];
    int parent[STREAMS];
};

static void close_all(int fds[STREAMS]) {
    for (int i = 0; i < STREAMS; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
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

static int start_in(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const struct stdio *io,
                    const char *path, pid_t *pid) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    for (int i = 0; i < STREAMS && !error; i++)
        error = posix_spawn_file_actions_adddup2(actions, io->child[i], i);
    if (error)
        return error;
    char *arguments[] = {(char *)path, NULL};
    return posix_spawn(pid, path, actions, attributes, arguments, environ);
}

static int start(const struct stdio *io, const char *path, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = start_in(&actions, &attributes, io, path, pid);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int reap(pid_t pid) {
    siginfo_t status;
    while (waitid(P_PID, (id_t)pid, &status, WEXITED) < 0) {
        if (errno != EINTR)
            return errno;
    }
    return status.si_code == CLD_EXITED && status.si_status == 0 ? 0 : EPROTO;
}

long contender_posix_spawn(const char *path, int pipes) {
    struct stdio io;
    pid_t pid;
    int error = open_stdio(&io, pipes);
    if (!error)
        error = start(&io, path, &pid);
    close_all(io.child);
    if (!error)
        error = reap(pid);
    close_all(io.parent);
    return -error;
}

static long nanos(struct timespec time) {
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

long contender_posix_spawn_loop(const char *path, int pipes, long count) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (long i = 0; i < count; i++) {
        long result = contender_posix_spawn(path, pipes);
        if (result < 0)
            return result;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return nanos(end) - nanos(begin);
}

long contender_cpu_nanos(int children) {
    struct rusage usage;
    if (getrusage(children ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage) < 0)
        return -errno;
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000L +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000L;
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
    for (int i = 0; i < count; i++)
        close(fds[i]);
}
