// SPDX-License-Identifier: Apache-2.0
//
// Descriptors in bulk and across sockets: ranges closed or hidden, SCM_RIGHTS sent and received.
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "spawner.h"
#include "sys.h"

#define RANGE_CLOEXEC 4 // CLOSE_RANGE_CLOEXEC, Linux 5.11

enum { ENTRIES_BYTES = 4096 };

struct k_dirent64 {
    uint64_t ino;
    int64_t off;
    unsigned short reclen;
    unsigned char type;
    char name[];
};

// A directory entry's name as a number, or -1.
static int32_t number_of(const char *name) {
    int32_t n = 0;
    if (*name == 0)
        return -1;
    for (; *name; name++) {
        if (*name < '0' || *name > '9')
            return -1;
        n = n * 10 + (*name - '0');
    }
    return n;
}

// Applies close or close-on-exec to each number that /proc lists. Closing while listing may skip entries: the caller
// repeats until a pass finds nothing.
static long one_pass(int32_t first, int32_t keep, int hide, long *touched) {
    char entries[ENTRIES_BYTES] __attribute__((aligned(8)));
    long dir = SYS(openat, AT_FDCWD, "/proc/thread-self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (dir < 0)
        return dir;
    long got;
    *touched = 0;
    while ((got = SYS(getdents64, dir, entries, sizeof entries)) > 0) {
        for (long at = 0; at < got;) {
            struct k_dirent64 *entry = (struct k_dirent64 *)(entries + at);
            at += entry->reclen;
            int32_t fd = number_of(entry->name);
            if (fd < first || fd == keep || fd == dir)
                continue;
            long ret = hide ? SYS(fcntl, fd, F_SETFD, FD_CLOEXEC) : SYS(close, fd);
            if (hide && ret < 0 && ret != -EBADF) { // in a shared table another thread may have closed it meanwhile
                SYS(close, dir);
                return ret;
            }
            ++*touched;
        }
    }
    SYS(close, dir);
    return got;
}

long close_descriptors(int32_t first, int32_t keep, uint32_t avoid) {
    if (!(avoid & AVOID_CLOSE_RANGE)) {
        long ret = 0;
        if (keep > first)
            ret = SYS(close_range, first, keep - 1, 0);
        if (ret == 0)
            ret = SYS(close_range, keep >= first ? keep + 1 : first, ~0U, 0);
        if (ret == 0)
            return 0;
    }
    long touched, ret;
    do {
        ret = one_pass(first, keep, 0, &touched);
    } while (ret == 0 && touched > 0);
    return ret;
}

long hide_descriptors(int32_t first, uint32_t avoid) {
    if (!(avoid & AVOID_CLOSE_RANGE) && SYS(close_range, first, ~0U, RANGE_CLOEXEC) == 0)
        return 0;
    long touched;
    return one_pass(first, -1, 1, &touched);
}

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(S4J_MAX_FILES * sizeof(int32_t))];
};

long send_descriptors(int socket, uint64_t payload, const int32_t *fds, uint32_t count) {
    union control control;
    struct iovec data = {&payload, sizeof payload};
    struct msghdr message;
    message.msg_name = 0;
    message.msg_namelen = 0;
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = 0;
    message.msg_controllen = 0;
    message.msg_flags = 0;
    if (count > S4J_MAX_FILES)
        return -EINVAL;
    if (count > 0) {
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(count * sizeof *fds);
        int32_t *slots = (int32_t *)CMSG_DATA(&control.header);
        for (uint32_t i = 0; i < count; i++)
            slots[i] = fds[i];
        message.msg_control = &control;
        message.msg_controllen = CMSG_LEN(count * sizeof *fds);
    }
    long ret = SYS(sendmsg, socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return ret < 0 ? ret : 0;
}

long receive_descriptors(int socket, uint64_t *payload, int32_t *fds, uint32_t capacity) {
    union control control;
    struct iovec data = {payload, sizeof *payload};
    struct msghdr message;
    message.msg_name = 0;
    message.msg_namelen = 0;
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    message.msg_flags = 0;
    long ret = SYS(recvmsg, socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (ret < 0)
        return ret;
    if (ret == 0)
        return -EPIPE;
    uint32_t count = 0;
    if (message.msg_controllen >= sizeof control.header && control.header.cmsg_type == SCM_RIGHTS)
        count = (uint32_t)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof *fds);
    const int32_t *slots = (const int32_t *)CMSG_DATA(&control.header);
    // The kernel drops what finds no free number and only says so with this flag.
    if (message.msg_flags & MSG_CTRUNC || count > capacity) {
        for (uint32_t i = 0; i < count; i++)
            SYS(close, slots[i]);
        return -EMFILE;
    }
    for (uint32_t i = 0; i < count; i++)
        fds[i] = slots[i];
    return count;
}

S4J_EXPORT long s4j_receive(int socket, long address, long bytes) {
    union control control;
    struct iovec data = {(void *)address, (size_t)bytes};
    struct msghdr message;
    int32_t fd = -1;
    message.msg_name = 0;
    message.msg_namelen = 0;
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(sizeof fd);
    message.msg_flags = 0;
    long ret = SYS(recvmsg, socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (ret < 0)
        return ret;
    if (message.msg_controllen >= CMSG_LEN(sizeof fd) && control.header.cmsg_type == SCM_RIGHTS)
        fd = *(const int32_t *)CMSG_DATA(&control.header);
    *(int32_t *)(address + ret) = fd;
    return ret;
}
