// SPDX-License-Identifier: Apache-2.0

/* A program that waits until a signal ends it. */

#include "freestanding.h"

int pause_forever(char **argv);

ENTRY(pause_forever);

int pause_forever(char **argv) {
    (void)argv;
    for (;;)
        raw_call(__NR_ppoll, 0, 0, 0, 0);
}
