// SPDX-License-Identifier: Apache-2.0

/* The smallest program that can be started: no libc, no loader, one system call, exit code 0. */

#include "freestanding.h"

int tiny(char **argv);

ENTRY(tiny);

int tiny(char **argv) {
    (void)argv;
    return 0;
}
