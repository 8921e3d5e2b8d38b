// SPDX-License-Identifier: Apache-2.0
// sigrun [--ignore SIGNAL,...] [--block SIGNAL,...] [--] COMMAND [ARG...]
// Runs COMMAND with exactly these signals ignored and blocked, as a careless init or shell would (failure S3).
// Exit codes: COMMAND's own; 125 bad usage, 127 COMMAND could not be executed.
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library keeps 32 and 33 for itself, but they are inherited like the others.
static void all_default(void) {
    const unsigned long none[4] = {0};
    for (int number = 1; number <= 64; number++) {
        syscall(SYS_rt_sigaction, number, none, NULL, 8);
    }
}

static int usage(const char *what, const char *word) {
    fprintf(stderr, "sigrun: %s: %s\n", what, word);
    return 125;
}

int main(int argc, char **argv) {
    sigset_t blocked;
    int at = 1;
    sigemptyset(&blocked);
    all_default();
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        int ignore = strcmp(argv[at], "--ignore") == 0;
        if ((!ignore && strcmp(argv[at], "--block") != 0) || at + 1 == argc) {
            return usage("unknown option or missing value", argv[at]);
        }
        for (char *name = strtok(argv[at + 1], ","); name != NULL; name = strtok(NULL, ",")) {
            int number = signal_number(name);
            int failed = number < 0 || (ignore ? signal(number, SIG_IGN) == SIG_ERR : sigaddset(&blocked, number) != 0);
            if (failed) {
                return usage("cannot do this with signal", name);
            }
        }
    }
    if (at == argc) {
        return usage("missing", "COMMAND");
    }
    if (sigprocmask(SIG_SETMASK, &blocked, NULL) != 0) {
        return usage("sigprocmask", strerror(errno));
    }
    execvp(argv[at], argv + at);
    fprintf(stderr, "sigrun: %s: %s\n", argv[at], strerror(errno));
    return 127;
}
