// SPDX-License-Identifier: Apache-2.0
//
// GCC may call these two for a copy or a clearing in any code, freestanding or not. Hidden, so that none comes from a
// libc.
#include <stddef.h>

__attribute__((visibility("hidden"))) void *memset(void *to, int value, size_t bytes) {
    unsigned char *at = to;
    while (bytes--)
        *at++ = (unsigned char)value;
    return to;
}

__attribute__((visibility("hidden"))) void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    unsigned char *at = to;
    const unsigned char *source = from;
    while (bytes--)
        *at++ = *source++;
    return to;
}
