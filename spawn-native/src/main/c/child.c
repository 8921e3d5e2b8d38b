// SPDX-License-Identifier: Apache-2.0
//
// The child between clone and exec. It shares the JVM's memory and runs beside the JVM's threads: raw system calls
// only, no libc, no allocation, no lock, nothing that Linux would apply to the shared memory's other owner (no
// credentials, no OOM score, no cgroup, no namespace: those are spawn4j-init's, which this child becomes where the
// policy asks for one). It writes only to its own slot and stack.
#include <errno.h>
#include <fcntl.h>

#include "attributes.h"
#include "descriptors.h"
#include "exec.h"
#include "spawner.h"
#include "sys.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

enum { FIRST_NON_STDIO = 3, SIGNAL_KILL = 9, EXIT_NEVER_RAN = 127 };

// Signals whose default action dumps core. Before Linux 5.16 that dump took every sharer of the memory along.
#define CORE_SIGNALS                                                                                                   \
    (sig_bit(3) | sig_bit(4) | sig_bit(5) | sig_bit(6) | sig_bit(7) | sig_bit(8) | sig_bit(11) | sig_bit(24) |         \
     sig_bit(25) | sig_bit(31))

static long source_of(const struct s4j_slot *slot, const struct s4j_place *place, const int32_t *received) {
    if (place->source >= 0)
        return received[place->source];
    return slot->child_end[PLACE_PIPE - place->source];
}

// A copy above `highest`, unless it is there already.
static long lift(long fd, int32_t highest) {
    return fd > highest ? fd : SYS(fcntl, fd, F_DUPFD_CLOEXEC, highest + 1);
}

static long place_descriptors(struct s4j_slot *slot) {
    int32_t received[S4J_MAX_FILES];
    int32_t sources[S4J_MAX_FILES + CHANNEL_COUNT];
    const struct s4j_place *places = (const struct s4j_place *)slot->places;
    int32_t highest = 2;
    long got;

    if (slot->file_count > 0) {
        uint64_t payload;
        for (;;) {
            got = receive_descriptors(slot->spawner_socket, &payload, received, S4J_MAX_FILES);
            if (got < 0)
                return got;
            if (payload == slot->sequence)
                break;
            while (got > 0) // left over from a request that nobody served
                SYS(close, received[--got]);
        }
        if (got != (long)slot->file_count)
            return -EMFILE;
    }
    if (slot->spawner->table == TABLE_SHARED) {
        got = hide_descriptors(FIRST_NON_STDIO, slot->spawner->avoid);
        if (got < 0)
            return got;
    }
    for (uint32_t i = 0; i < slot->place_count; i++)
        if (places[i].target > highest)
            highest = places[i].target;
    // A source at or below the highest target could be overwritten before its turn, and dup3 onto itself is an error:
    // such sources move out of the way first.
    for (uint32_t i = 0; i < slot->place_count; i++) {
        if (places[i].source == PLACE_CLOSED)
            continue;
        long from = source_of(slot, &places[i], received);
        if ((from = lift(from, highest)) < 0)
            return from;
        sources[i] = (int32_t)from;
    }
    if (slot->helper >= 0) {
        long helper = lift(received[slot->helper], highest);
        if (helper < 0)
            return helper;
        slot->helper_fd = (int32_t)helper;
    }
    for (uint32_t i = 0; i < slot->place_count; i++) {
        if (places[i].source == PLACE_CLOSED) {
            SYS(close, places[i].target);
            continue;
        }
        long to = SYS(dup3, sources[i], places[i].target, 0);
        if (to < 0)
            return to;
    }
    return 0;
}

// The mask opens directly before an exec that should succeed: a core dump between the two would be one of the JVM's
// memory.
static long open_mask(const struct s4j_slot *slot) {
    uint64_t pending = 0;
    long ret = SYS(rt_sigpending, &pending, K_SIGSET_BYTES);
    if (ret < 0)
        return ret;
    if (pending & CORE_SIGNALS & ~slot->blocked) {
        long self = SYS(getpid);
        SYS(kill, self, SIGNAL_KILL);
    }
    return SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &slot->blocked, 0, K_SIGSET_BYTES);
}

static void close_mask(void) {
    uint64_t all = ~UINT64_C(0);
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &all, 0, K_SIGSET_BYTES);
}

static long before_exec(void *context) {
    struct s4j_slot *slot = context;
    long ret = open_mask(slot);
    if (ret < 0)
        slot->stage = STAGE_SIGNALS;
    return ret;
}

static void after_exec(void *context) {
    (void)context;
    close_mask();
}

static long run_program(struct s4j_slot *slot) {
    const struct s4j_program program = {(const char *const *)slot->candidates, (const char **)slot->argv,
                                        (const char *const *)slot->envp};
    return s4j_run(&program, before_exec, after_exec, slot);
}

// The file is no script and close-on-exec: the kernel itself holds it while it loads it.
static long run_helper(struct s4j_slot *slot) {
    long ret = before_exec(slot);
    if (ret < 0)
        return ret;
    ret = SYS(execveat, slot->helper_fd, "", slot->argv, slot->envp, AT_EMPTY_PATH);
    close_mask();
    return ret;
}

static long configure(struct s4j_slot *slot) {
    long ret;
    slot->stage = STAGE_DESCRIPTORS;
    if ((ret = place_descriptors(slot)) < 0)
        return ret;
    const struct s4j_attributes attributes = {
        .flags = slot->flags,
        .group = slot->group,
        .umask = slot->umask,
        .nice = slot->nice,
        .affinity = (const void *)slot->affinity,
        .affinity_bytes = slot->affinity_bytes,
        .limits = (const struct s4j_limit *)slot->limits,
        .limit_count = slot->limit_count,
    };
    if ((ret = s4j_set_attributes(&attributes, &slot->stage)) < 0)
        return ret;
    slot->stage = STAGE_PARENT_DEATH;
    if ((ret = s4j_tie_to_parent(slot->death_signal, slot->expected_parent)) < 0)
        return ret;
    if (slot->directory) {
        slot->stage = STAGE_DIRECTORY;
        if ((ret = SYS(chdir, slot->directory)) < 0)
            return ret;
    }
    slot->stage = STAGE_SIGNALS;
    if ((ret = s4j_reset_signals(slot->ignored)) < 0)
        return ret;
    if (slot->helper >= 0) {
        slot->stage = STAGE_HELPER;
        return run_helper(slot);
    }
    slot->stage = STAGE_EXEC;
    return run_program(slot);
}

_Noreturn void s4j_child(struct s4j_slot *slot) {
    long ret = configure(slot);
    slot->error = (int32_t)-ret;
    for (;;)
        SYS(exit_group, EXIT_NEVER_RAN);
}
