// SPDX-License-Identifier: Apache-2.0
// Workers, and the rogue reaper; see lib.h.
#include "lib.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static pthread_mutex_t workers = PTHREAD_MUTEX_INITIALIZER;

static void *run(void *argument) {
    struct worker *worker = argument;
    do {
        worker->step(worker);
    } while (!worker->stopping);
    return NULL;
}

int worker_start(struct worker *worker, const char *name) {
    pthread_t thread;
    sigset_t all;
    sigset_t before;
    int result = EALREADY;
    pthread_mutex_lock(&workers);
    if (!worker->running) {
        worker->stopping = false;
        worker->count = 0;
        // The JVM's signals belong on the JVM's threads.
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        result = pthread_create(&thread, NULL, run, worker);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (result == 0) {
        pthread_setname_np(thread, name);
        worker->handle = (unsigned long)thread;
        worker->running = true;
    }
    pthread_mutex_unlock(&workers);
    return -result;
}

long worker_stop(struct worker *worker) {
    long result = -ESRCH;
    pthread_mutex_lock(&workers);
    if (worker->running) {
        worker->stopping = true;
        pthread_join((pthread_t)worker->handle, NULL);
        worker->running = false;
        result = worker->count;
    }
    pthread_mutex_unlock(&workers);
    return result;
}

static void reap_any(struct worker *worker) {
    const struct timespec pause = {0, 20000};
    if (waitpid(-1, NULL, WNOHANG) > 0) {
        worker->count++;
    } else {
        nanosleep(&pause, NULL);
    }
}

static struct worker reaper = {.step = reap_any};

int test_reaper_start(void) {
    return worker_start(&reaper, "rogue-reaper");
}

long test_reaper_stop(void) {
    return worker_stop(&reaper);
}

long test_reaper_stolen(void) {
    return reaper.count;
}
