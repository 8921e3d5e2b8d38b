// SPDX-License-Identifier: Apache-2.0
//
// Descriptors that are the supervisor's own: above all of the program's, and close-on-exec.
#include <fcntl.h>

#include "../sys.h"
#include "supervisor.h"

long supervisor_own(const struct supervisor *supervisor, long fd, int32_t *where) {
    if (fd < 0)
        return fd;
    if (fd < supervisor->config->above) {
        long above = SYS(fcntl, fd, F_DUPFD_CLOEXEC, supervisor->config->above);
        SYS(close, fd);
        if (above < 0)
            return above;
        fd = above;
    }
    *where = (int32_t)fd;
    return 0;
}

long supervisor_take_over(const struct supervisor *supervisor, int64_t fd, int32_t *where) {
    long ret = SYS(fcntl, fd, F_SETFD, FD_CLOEXEC);
    return ret < 0 ? ret : supervisor_own(supervisor, fd, where);
}
