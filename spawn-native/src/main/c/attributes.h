// SPDX-License-Identifier: Apache-2.0
//
// What a process sets of itself before its exec, for the child between clone and exec and for the program's process of
// a supervising spawn4j-init alike. Raw system calls on the caller's own memory.
#ifndef SPAWN4J_ATTRIBUTES_H
#define SPAWN4J_ATTRIBUTES_H

#include "abi.h"

struct s4j_attributes {
    uint32_t flags; // FLAG_*
    int32_t group;
    uint32_t umask;
    int32_t nice;
    const void *affinity;
    uint32_t affinity_bytes;
    uint32_t limit_count;
    const struct s4j_limit *limits;
};

// Session or process group, umask, nice, affinity, limits, in this order. 0, or -errno with *stage.
long s4j_set_attributes(const struct s4j_attributes *attributes, int32_t *stage);

// PR_SET_PDEATHSIG, and the proof that `parent` still is the parent; nothing if signal is 0.
long s4j_tie_to_parent(int32_t signal, int32_t parent);

// Every signal to its default, or ignored if it is in the set. Ignored ones pass through exec, and the kernel leaves
// them so.
long s4j_reset_signals(uint64_t ignored);

#endif
