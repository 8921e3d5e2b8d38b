// SPDX-License-Identifier: Apache-2.0
// Foreign forks and descriptors without O_CLOEXEC; see lib.h.
#include "lib.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct hold {
    unsigned seconds;
    int result;
};

static void *fork_and_hold(void *argument) {
    struct hold *hold = argument;
    pid_t pid = fork();
    if (pid == 0) {
        // The child of a threaded process may use async-signal-safe functions only.
        for (unsigned left = hold->seconds; left > 0;) {
            left = sleep(left);
        }
        _exit(0);
    }
    hold->result = pid < 0 ? -errno : pid;
    return NULL;
}

int test_fork_and_hold(int seconds) {
    struct hold hold = {(unsigned)seconds, 0};
    pthread_t thread;
    if (seconds < 1 || seconds > 3600) {
        return -EINVAL;
    }
    int result = pthread_create(&thread, NULL, fork_and_hold, &hold);
    if (result != 0) {
        return -result;
    }
    pthread_join(thread, NULL);
    return hold.result;
}

int test_fork_here(int code) {
    pid_t pid = fork();
    if (pid == 0) {
        _exit(code);
    }
    return pid < 0 ? -errno : pid;
}

int test_reap(int pid) {
    pid_t got = waitpid(pid, NULL, WNOHANG);
    return got < 0 ? -errno : got == 0 ? -EAGAIN : 0;
}

static void leak(struct worker *worker) {
    int held[8];
    pid_t pid;
    char *const command[] = {"true", NULL};
    for (unsigned i = 0; i < 8; i++) {
        held[i] = open("/dev/null", O_RDONLY);
    }
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, command, environ) == 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
        worker->count++;
    }
    for (unsigned i = 0; i < 8; i++) {
        if (held[i] >= 0) {
            close(held[i]);
        }
    }
}

static struct worker leaky = {.step = leak};

int test_leaky_start(void) {
    return worker_start(&leaky, "leaky");
}

long test_leaky_stop(void) {
    return worker_stop(&leaky);
}
