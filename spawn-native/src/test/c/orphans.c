// SPDX-License-Identifier: Apache-2.0
// orphans COUNT [MILLISECONDS]
// Prints `orphans PID...`, the numbers of COUNT processes that it started, and exits with 0. They outlive it by
// MILLISECONDS (0) and then exit, the first with 0, the second with 1, and so on modulo 256.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void outlive(const int parent[2], long milliseconds, int code) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    char byte;
    close(parent[1]);
    // Who waits for the end of our output is not to wait for the orphans.
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        close(fd);
    }
    if (read(parent[0], &byte, 1) == 0) {
        nanosleep(&pause, NULL);
    }
    _exit(code);
}

int main(int argc, char **argv) {
    int alive[2];
    int count = argc >= 2 ? (int)strtol(argv[1], NULL, 10) : 0;
    long milliseconds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (count <= 0 || argc > 3 || pipe(alive) != 0) {
        fprintf(stderr, "usage: orphans COUNT [MILLISECONDS]\n");
        return 2;
    }
    // Unbuffered: a child would inherit what is in the buffer.
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("orphans");
    for (int i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            outlive(alive, milliseconds, i & 255);
        }
        if (pid < 0) {
            perror("orphans: fork");
            return 1;
        }
        printf(" %d", pid);
    }
    printf("\n");
    return 0;
}
