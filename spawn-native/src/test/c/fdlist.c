// SPDX-License-Identifier: Apache-2.0
// fdlist Prints what it inherited, one open descriptor per line in order: `3 -> /dev/null flags 0100002 cloexec 0`
// (flags octal, as F_GETFL). The descriptor it lists the directory with is left out. Exit codes: 0, 1 when /proc cannot
// be read.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int ascending(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int main(void) {
    static int numbers[65536];
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) {
        perror("fdlist: /proc/self/fd");
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int number = (int)strtol(entry->d_name, NULL, 10);
        if (entry->d_name[0] != '.' && number != dirfd(directory) && count < sizeof numbers / sizeof *numbers) {
            numbers[count++] = number;
        }
    }
    closedir(directory);
    qsort(numbers, count, sizeof *numbers, ascending);
    for (size_t i = 0; i < count; i++) {
        char path[64];
        char link[4096];
        snprintf(path, sizeof path, "/proc/self/fd/%d", numbers[i]);
        ssize_t length = readlink(path, link, sizeof link - 1);
        link[length < 0 ? 0 : length] = '\0';
        printf("%d -> %s flags %07o cloexec %d\n", numbers[i], link, (unsigned)fcntl(numbers[i], F_GETFL),
               fcntl(numbers[i], F_GETFD) & FD_CLOEXEC);
    }
    return 0;
}
