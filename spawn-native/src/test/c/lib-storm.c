// SPDX-License-Identifier: Apache-2.0
// A storm of signals; see lib.h.
#include "lib.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 16 };

static char target[NAME_SIZE];

static bool has_name(const char *thread, const char *name) {
    char path[64];
    char text[NAME_SIZE + 1];
    snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", thread);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (fd >= 0) {
        close(fd);
    }
    return length > 0 && (size_t)(length - 1) == strlen(name) && memcmp(text, name, (size_t)(length - 1)) == 0;
}

// Up to `room` threads with this name; how many there are.
static int threads_named(const char *name, int *threads, int room) {
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    if (directory == NULL) {
        return -errno;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] != '.' && has_name(entry->d_name, name)) {
            if (count < room) {
                threads[count] = (int)strtol(entry->d_name, NULL, 10);
            }
            count++;
        }
    }
    closedir(directory);
    return count;
}

int test_thread_id(const char *thread_name) {
    int thread = 0;
    int count = threads_named(thread_name, &thread, 1);
    return count < 0 ? count : count == 0 ? -ESRCH : count > 1 ? -E2BIG : thread;
}

static void nothing(int signal_number) {
    (void)signal_number;
}

static void blow(struct worker *worker) {
    int threads[64];
    struct timespec pause = {0, worker->argument * 1000};
    int count = threads_named(target, threads, 64);
    // Walking /proc costs more than a signal: one walk serves for many.
    for (int round = 0; round < 200 && !worker->stopping; round++) {
        for (int i = 0; i < count && i < 64; i++) {
            worker->count += syscall(SYS_tgkill, getpid(), threads[i], SIGRTMIN + 7) == 0;
        }
        nanosleep(&pause, NULL);
    }
}

static struct worker storm = {.step = blow};

int test_storm_start(const char *thread_name, int microseconds) {
    struct sigaction action = {.sa_handler = nothing};
    if (strlen(thread_name) >= NAME_SIZE || microseconds < 1 || microseconds > 999999) {
        return -EINVAL;
    }
    if (storm.running) {
        return -EALREADY;
    }
    if (sigaction(SIGRTMIN + 7, &action, NULL) != 0) {
        return -errno;
    }
    strcpy(target, thread_name);
    storm.argument = microseconds;
    return worker_start(&storm, "signal-storm");
}

long test_storm_count(void) {
    return storm.count;
}

long test_storm_stop(void) {
    // The handler stays: a signal may still be on its way.
    return worker_stop(&storm);
}
