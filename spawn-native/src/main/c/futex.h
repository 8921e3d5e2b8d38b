// SPDX-License-Identifier: Apache-2.0
//
// Futexes of the shared form, also for words that only this process knows: the kernel wakes CLONE_CHILD_CLEARTID words
// so.
#ifndef SPAWN4J_FUTEX_H
#define SPAWN4J_FUTEX_H

#include "sys.h"

// Waits while *word is `value`, at most `nanos` (for ever if negative). 0, or -ETIMEDOUT, -EAGAIN, -EINTR.
static inline long futex_wait(uint32_t *word, uint32_t value, int64_t nanos) {
    int64_t time[2] = {nanos / 1000000000, nanos % 1000000000};
    return SYS(futex, word, 0 /* FUTEX_WAIT */, value, nanos < 0 ? 0 : time, 0, 0);
}

static inline long futex_wake(uint32_t *word, int count) {
    return SYS(futex, word, 1 /* FUTEX_WAKE */, count, 0, 0, 0);
}

#endif
