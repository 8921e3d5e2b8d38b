// SPDX-License-Identifier: Apache-2.0
//
// spawn4j-init: what it is told, and what it answers. docs/design-containment.md says why it exists.
//
// argv of spawn4j-init: [0] its name, [1] the configuration, then `candidates` paths to try, one element of room, and the
// program's own argv. The environment is the program's.
#ifndef SPAWN4J_INIT_H
#define SPAWN4J_INIT_H

#include <stdint.h>

enum { INIT_VERSION = 1, INIT_MAX_GROUPS = 8192 };

// config.flags
enum {
    INIT_OOM_SCORE = 1 << 0,
    INIT_CGROUP = 1 << 1,
    INIT_GROUPS = 1 << 2,
    INIT_GID = 1 << 3,
    INIT_UID = 1 << 4,
    INIT_CAPABILITIES = 1 << 5,
    INIT_NO_NEW_PRIVILEGES = 1 << 6,
};

// Parsed from text: numbers in decimal, separated by commas, in this order; the supplementary groups follow.
struct init_config {
    int64_t version;
    int64_t socket; // the answer goes here
    int64_t flags;
    int64_t candidates;
    int64_t death_signal; // 0: none
    int64_t parent;       // the JVM's pid
    int64_t oom_score;    // -1000 to 1000
    int64_t cgroup;       // descriptor of a cgroup.procs, opened by the JVM
    int64_t uid;
    int64_t gid;
    int64_t capabilities; // bit n: keep capability n
    int64_t groups;
};

// Datagrams on config.socket. READY comes once, directly before the exec of the program; end of file after it means success.
enum { INIT_READY = 1, INIT_FAILED = 2 };
struct init_answer {
    int32_t kind;
    int32_t stage; // enum s4j_stage
    int32_t error; // errno
};

// Makes every setting but the parent-death signal. 0, or -errno with *stage.
long init_configure(const struct init_config *config, const uint32_t *groups, int32_t *stage);

#endif
