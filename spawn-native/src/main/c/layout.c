// SPDX-License-Identifier: Apache-2.0
//
// Every size and offset that Java needs, by name. Java asks once, at load, and uses no number of its own.
#include "spawner.h"

struct entry {
    const char *name;
    int32_t value;
};

#define OFFSET(type, field)                                                                                            \
    { #type "." #field, __builtin_offsetof(struct s4j_##type, field) }
#define SIZE(type)                                                                                                     \
    { #type, sizeof(struct s4j_##type) }

static const struct entry entries[] = {
    SIZE(slot),
    OFFSET(slot, busy),
    OFFSET(slot, state),
    OFFSET(slot, argv),
    OFFSET(slot, envp),
    OFFSET(slot, candidates),
    OFFSET(slot, directory),
    OFFSET(slot, blocked),
    OFFSET(slot, ignored),
    OFFSET(slot, affinity),
    OFFSET(slot, limits),
    OFFSET(slot, files),
    OFFSET(slot, places),
    OFFSET(slot, affinity_bytes),
    OFFSET(slot, limit_count),
    OFFSET(slot, file_count),
    OFFSET(slot, place_count),
    OFFSET(slot, channels),
    OFFSET(slot, flags),
    OFFSET(slot, death_signal),
    OFFSET(slot, group),
    OFFSET(slot, umask),
    OFFSET(slot, nice),
    OFFSET(slot, helper),
    OFFSET(slot, pid),
    OFFSET(slot, stage),
    OFFSET(slot, error),
    OFFSET(slot, descriptors),
    SIZE(place),
    SIZE(limit),
    SIZE(spawner),
    OFFSET(spawner, thread),
    OFFSET(spawner, taken),
    OFFSET(spawner, avoid),
    OFFSET(spawner, tid),
    OFFSET(spawner, control_jvm),
    OFFSET(spawner, control_peer),
    OFFSET(spawner, table),
    OFFSET(spawner, close_range_error),
    OFFSET(spawner, unshare_error),
    OFFSET(spawner, scheduling_error),
    OFFSET(spawner, clone3_error),
    OFFSET(spawner, pidfd_error),
    SIZE(exit),
    OFFSET(exit, code),
    OFFSET(exit, status),
    OFFSET(exit, user_micros),
    OFFSET(exit, system_micros),
    OFFSET(exit, max_rss_kib),
    OFFSET(exit, minor_faults),
    OFFSET(exit, major_faults),
    OFFSET(exit, blocks_in),
    OFFSET(exit, blocks_out),
    OFFSET(exit, voluntary),
    OFFSET(exit, involuntary),
    SIZE(event),
    OFFSET(event, token),
    OFFSET(event, events),
};

S4J_EXPORT int s4j_abi_version(void) {
    return S4J_ABI_VERSION;
}

// The value of a name such as "slot.argv" (an offset) or "slot" (a size), or -1.
S4J_EXPORT int s4j_layout(const char *name) {
    for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++) {
        const char *a = entries[i].name, *b = name;
        while (*a && *a == *b)
            a++, b++;
        if (*a == *b)
            return entries[i].value;
    }
    return -1;
}
