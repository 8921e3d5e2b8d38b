// SPDX-License-Identifier: Apache-2.0

/* zeros BYTES: writes that many zero bytes to its standard output, and exits with 1 if it cannot. */

#include "freestanding.h"

#include <linux/errno.h>

enum { STANDARD_OUTPUT = 1, MOST_AT_ONCE = 1024 * 1024 };

static char zeros[MOST_AT_ONCE];

int write_zeros(char **argv);

ENTRY(write_zeros);

int write_zeros(char **argv) {
    for (long left = decimal(argv[1]); left > 0;) {
        long written = raw_call(__NR_write, STANDARD_OUTPUT, (long)zeros, left < MOST_AT_ONCE ? left : MOST_AT_ONCE, 0);
        if (written > 0)
            left -= written;
        else if (written != -EINTR)
            return 1;
    }
    return 0;
}
