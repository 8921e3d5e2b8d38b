// SPDX-License-Identifier: Apache-2.0
// freeze TID SECONDS
// Stops one thread, without stopping its process, until stdin ends or SECONDS have gone by. Prints `frozen` once it
// stands. A process that dies while frozen stays unreapable for its parent until this program lets it go.
// Exit codes: 0 let go, 1 could not attach, 2 usage.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int failed(const char *what) {
    fprintf(stderr, "freeze: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    char rest[64];
    int status;
    pid_t thread = argc == 3 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
    long seconds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (thread <= 0 || seconds <= 0 || seconds > 3600) {
        fprintf(stderr, "usage: freeze TID SECONDS\n");
        return 2;
    }
    if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0) {
        return failed("seize");
    }
    if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) {
        return failed("interrupt");
    }
    if (waitpid(thread, &status, __WALL) != thread) {
        return failed("wait");
    }
    if (!WIFSTOPPED(status)) {
        fprintf(stderr, "freeze: the thread ended\n");
        return 1;
    }
    puts("frozen");
    fflush(stdout);
    while (poll(&input, 1, (int)seconds * 1000) > 0 && read(STDIN_FILENO, rest, sizeof rest) > 0) {
    }
    // ESRCH: killed meanwhile; our end lets its parent see it.
    if (ptrace(PTRACE_DETACH, thread, 0, 0) != 0 && errno != ESRCH) {
        return failed("detach");
    }
    return 0;
}
