// SPDX-License-Identifier: Apache-2.0
// zombieleader Its main thread exits alone, so that the process shows as a zombie while a second thread lives on.
// Prints `zombie PID` once that is so. Ends with exit code 7 on SIGTERM or at the end of stdin.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void on_term(int signal_number) {
    (void)signal_number;
    _exit(7);
}

static int leader_is_zombie(void) {
    char text[512];
    FILE *file = fopen("/proc/self/stat", "re");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL) {
        fclose(file);
    }
    text[length] = '\0';
    const char *state = strrchr(text, ')');
    return state != NULL && state[2] == 'Z';
}

static void *survivor(void *unused) {
    char rest[64];
    const struct timespec pause = {0, 1000000};
    while (!leader_is_zombie()) {
        nanosleep(&pause, NULL);
    }
    printf("zombie %d\n", getpid());
    fflush(stdout);
    while (read(STDIN_FILENO, rest, sizeof rest) > 0) {
    }
    _exit(7);
    return unused;
}

int main(void) {
    pthread_t thread;
    signal(SIGTERM, on_term);
    if (pthread_create(&thread, NULL, survivor, NULL) != 0) {
        return 1;
    }
    // Not pthread_exit, which would run the C library's clean-up; only this thread ends.
    syscall(SYS_exit, 0);
    return 1;
}
