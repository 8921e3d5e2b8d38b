// SPDX-License-Identifier: Apache-2.0
//
// spawn4j-init: what it is told, and what it answers. docs/architecture.md says why it exists.
//
// argv of spawn4j-init: [0] its name, [1] the configuration, then `candidates` paths to try, one element of room, and
// the program's own argv. The environment is the program's.
#ifndef SPAWN4J_INIT_H
#define SPAWN4J_INIT_H

#include "../abi.h"
#include "../attributes.h"

enum {
    INIT_VERSION = 2,
    INIT_MAX_GROUPS = 8192,
    INIT_MAX_AFFINITY_WORDS = 16,
    INIT_MAX_LIMITS = 16,
    INIT_EXIT_NEVER_RAN = 127
};

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

// config.rung: what holds the program and all that it starts.
enum { RUNG_NONE, RUNG_PROCESS_GROUP, RUNG_SUBREAPER, RUNG_CGROUP, RUNG_PID_NAMESPACE };

// config.leftover: what happens to them when the program has ended.
enum { LEFTOVER_LEAVE, LEFTOVER_KILL, LEFTOVER_WAIT };

// Parsed from text: numbers in decimal, separated by commas, in this order; then come the supplementary groups, the
// words of the affinity mask, and three numbers for each limit: resource, soft, hard.
struct init_config {
    int64_t version;
    int64_t socket; // the answer goes here
    int64_t flags;
    int64_t candidates;
    int64_t death_signal; // of the program, 0: none
    int64_t parent;       // the JVM's pid
    int64_t oom_score;    // -1000 to 1000
    int64_t cgroup;       // descriptor of a cgroup.procs, opened by the JVM
    int64_t uid;
    int64_t gid;
    int64_t capabilities; // bit n: keep capability n
    int64_t groups;
    // With a rung other than NONE:
    int64_t rung;
    int64_t leftover;
    int64_t above;        // every descriptor of the program is below this number
    int64_t leaf_parent;  // RUNG_CGROUP: descriptor of the directory in which the leaf is made
    int64_t leaf;         // RUNG_CGROUP: the leaf is spawn4j-<parent>-<leaf>
    int64_t avoid_clone3; // a seccomp filter might kill for it
    int64_t memory_max;   // RUNG_CGROUP: limits of the leaf, 0 for none: bytes,
    int64_t pids_max;     // tasks,
    int64_t cpu_max;      // microseconds in each of the kernel's periods
    int64_t attributes;   // FLAG_* of the program
    int64_t process_group;
    int64_t umask;
    int64_t nice;
    int64_t blocked;
    int64_t ignored;
    int64_t affinity_words;
    int64_t limits;
};

struct init_arrays {
    uint32_t groups[INIT_MAX_GROUPS];
    uint64_t affinity[INIT_MAX_AFFINITY_WORDS];
    struct s4j_limit limits[INIT_MAX_LIMITS];
};

// The program: argv of spawn4j-init behind the configuration, and its environment.
struct init_program {
    const char **candidates;
    const char **argv;
    const char *const *envp;
};

// Datagrams on config.socket to the JVM. READY (in place) comes directly before the exec of the program, and end of
// file after it means success. STARTED (supervising) comes after the exec, with the program's pidfd. ENDED: the program
// is dead. KILLED answers a request. EMPTY: nothing is left of the tree, and spawn4j-init ends.
enum { INIT_READY = 1, INIT_FAILED, INIT_STARTED, INIT_ENDED, INIT_KILLED, INIT_EMPTY };
struct init_answer {
    int32_t kind;
    int32_t stage; // FAILED: enum s4j_stage
    int32_t error; // FAILED: errno, 0 for a program's process that was killed before its exec
    int32_t call;  // FAILED at STAGE_CONTAINMENT: enum init_call
};

// What failed at STAGE_CONTAINMENT. The order is that of the names in io.spawn4j.linux.tree.InitMessage.
enum init_call {
    CALL_NONE,
    CALL_SIGNALFD,
    CALL_SUBREAPER,
    CALL_CHILDREN, // open(/proc/self/task/TID/children)
    CALL_LEAF,     // mkdir
    CALL_LEAF_KILL,
    CALL_CLONE, // of the program's process
    CALL_NAMESPACE,
    CALL_ID_MAP,
    CALL_MOUNT,
    CALL_DESCRIPTORS, // fcntl(F_DUPFD_CLOEXEC)
    CALL_SESSION,
    CALL_LEAF_MEMORY,
    CALL_LEAF_PIDS,
    CALL_LEAF_CPU,
};

enum { INIT_MAX_SURVIVORS = 32 };
struct init_survivor {
    int32_t pid;
    int32_t error; // errno of the signal
    int32_t state; // as in /proc/PID/stat
};

// ENDED, KILLED and EMPTY.
struct init_report {
    struct init_answer answer;
    struct s4j_exit exit; // ENDED, or EMPTY with tells_end
    int32_t sequence;     // KILLED: the request's
    int32_t signalled;    // processes sent SIGKILL so far
    int32_t reaped;       // processes reaped so far, the program among them
    int32_t left;         // KILLED: processes that live on
    struct init_survivor survivors[INIT_MAX_SURVIVORS];
    int32_t tells_end; // EMPTY: stands for ENDED, too
};

// From the JVM.
// SEEN: with a PID namespace, that the JVM has looked the program's pid up, which it can until the program is reaped.
enum { REQUEST_KILL = 1, REQUEST_SEEN = 2 };
struct init_request {
    int32_t kind;
    int32_t sequence;
    int64_t millis; // until the answer has to come
};

// 0 or -EINVAL.
long init_parse(const char *text, struct init_config *config, struct init_arrays *arrays);

// Makes the settings that need memory of its own. 0, or -errno with *stage.
long init_configure(const struct init_config *config, const uint32_t *groups, int32_t *stage);

// Writes at most 20 digits and a sign before `end`; returns where they begin.
char *init_decimal(int64_t value, char *end);

// Opens a file below `directory` (or AT_FDCWD), writes the text and closes it. 0 or -errno.
long init_write_file(int32_t directory, const char *path, const char *text, unsigned long bytes);

// Sends a datagram, with a descriptor unless fd is -1. 0 or -errno.
long init_send(int64_t socket, const void *message, unsigned long bytes, int32_t fd);

long init_answer(int64_t socket, int32_t kind, int32_t stage, long error, int32_t call);

// Tries the candidates in turn; returns only with -errno.
long init_run(const struct init_config *config, const struct init_program *program, long (*before)(void *),
              void *context);

// Starts the program in a process of its own and supervises the tree until nothing is left of it.
_Noreturn void init_supervise(struct init_config *config, const struct init_arrays *arrays,
                              const struct init_program *program);

#endif
