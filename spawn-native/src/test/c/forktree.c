// SPDX-License-Identifier: Apache-2.0
// forktree [--stay] [--no-session] SECONDS Prints `parent PID grandchild PID` and exits with 5 at once, or with --stay
// when its stdin ends, while a grandchild in a session of its own (not with --no-session) keeps holding stdin, stdout
// and stderr. On SIGUSR1 the grandchild writes `late PID` to stdout; on SIGTERM it ends; after SECONDS it ends by
// itself.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void grandchild(int seconds, int told) {
    sigset_t set;
    struct timespec limit = {seconds, 0};
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (write(told, "r", 1) != 1) {
        _exit(1);
    }
    close(told);
    while (sigtimedwait(&set, NULL, &limit) == SIGUSR1) {
        char line[32];
        int length = snprintf(line, sizeof line, "late %d\n", getpid());
        if (write(STDOUT_FILENO, line, (size_t)length) != length) {
            _exit(1);
        }
    }
    _exit(0);
}

int main(int argc, char **argv) {
    int stay = 0;
    int session = 1;
    int at = 1;
    int ready[2];
    char byte;
    for (; at < argc && argv[at][0] == '-'; at++) {
        stay |= strcmp(argv[at], "--stay") == 0;
        session &= strcmp(argv[at], "--no-session") != 0;
    }
    int seconds = at + 1 == argc ? (int)strtol(argv[at], NULL, 10) : 0;
    if (seconds <= 0 || pipe(ready) != 0) {
        fprintf(stderr, "usage: forktree [--stay] [--no-session] SECONDS\n");
        return 2;
    }
    pid_t pid = fork();
    if (pid == 0) {
        if (session) {
            setsid();
        }
        close(ready[0]);
        grandchild(seconds, ready[1]);
    }
    close(ready[1]);
    if (pid < 0 || read(ready[0], &byte, 1) != 1) {
        perror("forktree");
        return 1;
    }
    printf("parent %d grandchild %d\n", getpid(), pid);
    fflush(stdout);
    while (stay && read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 5;
}
