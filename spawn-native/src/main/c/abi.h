// SPDX-License-Identifier: Apache-2.0
//
// The memory that Java, the spawner thread and the child share. docs/native-abi.md draws it; Java asks for every offset
// with s4j_layout() when it loads the library and uses no number of its own.
#ifndef SPAWN4J_ABI_H
#define SPAWN4J_ABI_H

#include <stdint.h>

#define S4J_ABI_VERSION 1
#define S4J_EXPORT __attribute__((visibility("default")))

enum {
    S4J_MAX_FILES = 253, // SCM_MAX_FD: what one SCM_RIGHTS message may carry
    S4J_STACK_BYTES = 64 * 1024,
    S4J_PAGE = 65536, // a multiple of every page size that the two architectures use
};

// Where a spawn failed. The order is that of io.spawn4j.SpawnStage.
enum s4j_stage {
    STAGE_REQUEST,
    STAGE_REDIRECT,
    STAGE_SPAWNER,
    STAGE_PIPE,
    STAGE_CLONE,
    STAGE_REPLY,
    STAGE_DESCRIPTORS,
    STAGE_SESSION,
    STAGE_PROCESS_GROUP,
    STAGE_UMASK,
    STAGE_NICE,
    STAGE_AFFINITY,
    STAGE_RESOURCE_LIMIT,
    STAGE_PARENT_DEATH,
    STAGE_DIRECTORY,
    STAGE_SIGNALS,
    // Of spawn4j-init, where the policy needs it.
    STAGE_HELPER,
    STAGE_CONTAINMENT,
    STAGE_OOM_SCORE,
    STAGE_CGROUP,
    STAGE_BOUNDING_SET,
    STAGE_SUPPLEMENTARY_GROUPS,
    STAGE_GROUP,
    STAGE_USER,
    STAGE_CAPABILITIES,
    STAGE_NO_NEW_PRIVILEGES,
    STAGE_EXEC,
};

// slot.flags
enum {
    FLAG_NEW_SESSION = 1 << 0,
    FLAG_SET_GROUP = 1 << 1, // setpgid(0, slot.group); group 0 makes a new one
    FLAG_UMASK = 1 << 2,
    FLAG_NICE = 1 << 3,
    FLAG_SUPERVISES = 1 << 4, // the child becomes a spawn4j-init that stays: asked to end, never killed
};

// slot.state. QUEUED -> TAKEN -> CLONED | FAILED; or QUEUED -> CANCELLED (by the caller) -> DROPPED (by the spawner).
enum { STATE_FREE, STATE_QUEUED, STATE_TAKEN, STATE_CLONED, STATE_FAILED, STATE_CANCELLED, STATE_DROPPED };
enum { STATE_MASK = 0xff, STATE_WATCHED = 0x100 }; // WATCHED: somebody sleeps on the state word

// slot.operation
enum { OP_SPAWN, OP_ADOPT, OP_REAP, OP_RELEASE };

// slot.descriptors[] after a spawn, each -1 where there is none
enum { FD_PIDFD, FD_STDIN, FD_STDOUT, FD_STDERR, FD_HELPER, FD_COUNT };

// Channels between the JVM and the child that the spawner makes: pipes for the standard streams, and a socket pair
// (SOCK_SEQPACKET) for what spawn4j-init has to say.
enum { CHANNEL_HELPER = 3, CHANNEL_COUNT = 4 };

// A descriptor of the child: where it comes from and which number it gets.
struct s4j_place {
    int32_t source; // >= 0: index into slot.files; PLACE_PIPE - i: the child's end of channel i; PLACE_CLOSED
    int32_t target;
};
enum { PLACE_CLOSED = -1, PLACE_PIPE = -2 };

struct s4j_limit {
    uint32_t resource;
    uint32_t unused;
    uint64_t soft;
    uint64_t hard;
};

// One request in flight, with the stack its child runs on. Owned by the caller while FREE; nobody but the child and the
// kernel may reuse it while `busy` is not 0, whatever became of the caller.
struct s4j_slot {
    // The kernel clears this word, and wakes one waiter, when the child no longer uses this memory
    // (CLONE_CHILD_CLEARTID).
    uint32_t busy;
    uint32_t state;
    struct s4j_slot *next; // in the spawner's queue
    struct s4j_spawner *spawner;
    int32_t operation;
    int32_t caller_socket;  // JVM's table: sends files to the child, receives the reply
    int32_t child_socket;   // JVM's table: the other end, kept only to take back files that no child received
    int32_t spawner_socket; // spawner's table: that same other end
    int32_t kept_pidfd;     // spawner's table: the last child, until the next request or OP_REAP
    int32_t expected_parent;
    uint64_t sequence;

    // Request. Pointers are into memory that lives as long as `busy` is set.
    uint64_t argv; // char *[]; the element before the first is room for the shell of a script without #!
    uint64_t envp;
    uint64_t candidates; // char *[]: paths to try in order
    uint64_t directory;  // char * or 0
    uint64_t blocked;
    uint64_t ignored;
    uint64_t affinity; // cpu mask or 0
    uint64_t limits;   // struct s4j_limit[]
    uint64_t files;    // int32_t[]: descriptors of the JVM to hand to the child
    uint64_t places;   // struct s4j_place[]
    uint32_t affinity_bytes;
    uint32_t limit_count;
    uint32_t file_count;
    uint32_t place_count;
    uint32_t channels; // bit i: make channel i
    uint32_t flags;
    int32_t death_signal;
    int32_t group;
    uint32_t umask;
    int32_t nice;
    int32_t helper; // index into files of spawn4j-init, which runs with argv in place of a candidate; or -1

    // Result
    int32_t pid;
    int32_t stage;
    int32_t error;       // errno, or 0
    int32_t reply_error; // errno: the child runs, but the spawner could not hand its descriptors over
    int32_t descriptors[FD_COUNT];

    // Spawner and child only
    int32_t child_end[CHANNEL_COUNT];
    int32_t helper_fd; // the child's table
    uint64_t stack_low;
};

// What a reaped child left; the same for a status taken by waitid and for one recovered from its pidfd.
struct s4j_exit {
    int32_t code; // CLD_EXITED, CLD_KILLED, CLD_DUMPED
    int32_t status;
    int64_t user_micros, system_micros;
    int64_t max_rss_kib, minor_faults, major_faults, blocks_in, blocks_out, voluntary, involuntary;
};

struct s4j_event {
    uint64_t token;
    uint32_t events;
    uint32_t unused;
};

#endif
