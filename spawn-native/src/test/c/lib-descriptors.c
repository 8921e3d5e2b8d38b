// SPDX-License-Identifier: Apache-2.0
// Descriptors, used behind the JVM's back; see lib.h.
#include "lib.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int test_open_descriptors(void) {
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) {
        return -errno;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(directory);
    return count - 1; // without the directory itself
}

int test_descriptor_flags(int fd) {
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -errno : flags & FD_CLOEXEC;
}

int test_set_cloexec(int fd, int on) {
    return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) == 0 ? 0 : -errno;
}

int test_open(const char *path, int flags) {
    int fd = open(path, flags, 0600);
    return fd < 0 ? -errno : fd;
}

int test_dup_above(int fd, int lowest) {
    int copy = fcntl(fd, F_DUPFD, lowest);
    return copy < 0 ? -errno : copy;
}

int test_close(int fd) {
    return close(fd) == 0 ? 0 : -errno;
}

int test_pipe(int ends[2]) {
    return pipe(ends) == 0 ? 0 : -errno;
}

long test_pipe_fill(int fd) {
    static const char block[4096];
    int flags = fcntl(fd, F_GETFL);
    long total = 0;
    ssize_t written = 0;
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
        return -errno;
    }
    for (size_t size = sizeof block; size > 0; size /= 2) {
        while ((written = write(fd, block, size)) > 0) {
            total += written;
        }
        if (errno != EAGAIN) {
            total = -errno;
            break;
        }
    }
    // The flag belongs to the open file, which others may share.
    fcntl(fd, F_SETFL, flags);
    return total;
}

long test_read(int fd, void *buffer, long size) {
    ssize_t got = size < 0 ? -1 : read(fd, buffer, (size_t)size);
    return got < 0 ? -errno : got;
}

int test_raise_nofile(long soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return -errno;
    }
    int before = (int)limit.rlim_cur;
    limit.rlim_cur = (rlim_t)soft;
    if (limit.rlim_max < limit.rlim_cur) {
        limit.rlim_max = limit.rlim_cur;
    }
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? before : -errno;
}

int test_is_same_file(int fd, int other) {
    struct stat a;
    struct stat b;
    if (fstat(fd, &a) != 0 || fstat(other, &b) != 0) {
        return -errno;
    }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
