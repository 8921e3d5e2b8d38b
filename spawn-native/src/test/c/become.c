// SPDX-License-Identifier: Apache-2.0
// become subreaper|root|member=GROUP PROGRAM [ARGUMENT...] Makes itself a subreaper, root in every respect (where its
// file is set-user-ID to root), or a member of a process group, and runs the program.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int change(const char *what) {
    const char group[] = "member=";
    if (strcmp(what, "root") == 0) {
        return setresuid(0, 0, 0);
    }
    if (strncmp(what, group, sizeof group - 1) == 0) {
        return setpgid(0, (pid_t)strtol(what + sizeof group - 1, NULL, 10));
    }
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: become subreaper|root|member=GROUP PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    if (change(argv[1]) != 0) {
        perror(argv[1]);
        return 1;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
