// SPDX-License-Identifier: Apache-2.0
//
// The kernel's own files, which take what they are told in one write.
#include <fcntl.h>

#include "../sys.h"
#include "init.h"

long init_write_file(int32_t directory, const char *path, const char *text, unsigned long bytes) {
    long fd = SYS(openat, directory, path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    long ret = SYS(write, fd, text, bytes);
    SYS(close, fd);
    return ret < 0 ? ret : 0;
}
