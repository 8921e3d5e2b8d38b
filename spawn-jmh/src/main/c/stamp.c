// SPDX-License-Identifier: Apache-2.0

/*
 * stamp [MICROSECONDS]: sleeps that long, then writes the nanoseconds of CLOCK_MONOTONIC as 8 bytes in the machine's
 * order, and exits. As its first act, the stamp tells when the program ran; after a sleep, when it was about to end.
 */

#include "freestanding.h"

#include <linux/errno.h>
#include <linux/time.h>

enum { STANDARD_OUTPUT = 1 };

int stamp(char **argv);

ENTRY(stamp);

int stamp(char **argv) {
    long micros = decimal(argv[1]);
    /* Seconds and nanoseconds, as the kernel has them on 64-bit machines. */
    long time[2] = {micros / 1000000, micros % 1000000 * 1000};
    if (micros > 0) {
        while (raw_call(__NR_nanosleep, (long)time, (long)time, 0, 0) == -EINTR) {
        }
    }
    if (raw_call(__NR_clock_gettime, CLOCK_MONOTONIC, (long)time, 0, 0) < 0)
        return 1;
    long nanos = time[0] * 1000000000 + time[1];
    return raw_call(__NR_write, STANDARD_OUTPUT, (long)&nanos, sizeof nanos, 0) == sizeof nanos ? 0 : 1;
}
