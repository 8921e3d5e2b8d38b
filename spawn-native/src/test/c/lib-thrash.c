// SPDX-License-Identifier: Apache-2.0
// Threads that hold a C library's locks most of the time; see lib.h.
#include "lib.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

enum { THRASHERS_MAX = 32 };

static void thrash(struct worker *worker) {
    void *blocks[64];
    for (unsigned i = 0; i < 64; i++) {
        // Above 128 KiB it is mmap and the address space's lock.
        blocks[i] = malloc(i % 16 == 15 ? 200000 : 32 + 64 * i);
        if (blocks[i] != NULL) {
            *(volatile char *)blocks[i] = 1;
        }
    }
    for (unsigned i = 0; i < 64; i++) {
        free(blocks[i]);
    }
    void *library = dlopen("libm.so.6", RTLD_NOW);
    if (library != NULL) {
        dlclose(library);
    }
    worker->count++;
}

static struct worker thrashers[THRASHERS_MAX];

int test_thrash_start(int threads) {
    if (threads < 1 || threads > THRASHERS_MAX) {
        return -EINVAL;
    }
    for (int i = 0; i < threads; i++) {
        thrashers[i].step = thrash;
        int result = worker_start(&thrashers[i], "thrash");
        if (result != 0) {
            return result;
        }
    }
    return 0;
}

long test_thrash_stop(void) {
    long sum = 0;
    for (int i = 0; i < THRASHERS_MAX; i++) {
        thrashers[i].stopping = true;
    }
    for (int i = 0; i < THRASHERS_MAX; i++) {
        long count = worker_stop(&thrashers[i]);
        sum += count > 0 ? count : 0;
    }
    return sum;
}
