// SPDX-License-Identifier: Apache-2.0
//
// What spawn4j-init says to the JVM.
#include <errno.h>
#include <sys/socket.h>

#include "../sys.h"
#include "init.h"

long init_send(int64_t socket, const void *message, unsigned long bytes, int32_t fd) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int32_t))];
    } control;
    struct iovec part = {(void *)message, bytes};
    struct msghdr whole = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        control.header.cmsg_len = CMSG_LEN(sizeof fd);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        *(int32_t *)CMSG_DATA(&control.header) = fd;
        whole.msg_control = &control;
        whole.msg_controllen = sizeof control;
    }
    long ret;
    do {
        ret = fd >= 0 ? SYS(sendmsg, socket, &whole, MSG_NOSIGNAL)
                      : SYS(sendto, socket, message, bytes, MSG_NOSIGNAL, 0, 0);
    } while (ret == -EINTR);
    return ret < 0 ? ret : 0;
}

long init_answer(int64_t socket, int32_t kind, int32_t stage, long error, int32_t call) {
    struct init_answer message = {kind, stage, (int32_t)-error, call};
    return init_send(socket, &message, sizeof message, -1);
}
