// SPDX-License-Identifier: Apache-2.0
//
// What a supervising spawn4j-init knows of its tree, and its parts. One thread; nothing here is shared.
#ifndef SPAWN4J_SUPERVISOR_H
#define SPAWN4J_SUPERVISOR_H

#include "init.h"

struct supervisor {
    const struct init_config *config;
    const struct init_arrays *arrays;
    const struct init_program *run;
    // Descriptors, -1 where there is none.
    int32_t socket;
    int32_t signals;     // signalfd
    int32_t exec_pipe;   // what the program's process says until its exec
    int32_t joined;      // cgroup.procs of the cgroup that the policy names
    int32_t leaf_parent; // RUNG_CGROUP: where the leaf is made,
    int32_t leaf;        // the leaf itself,
    int32_t leaf_kill;   // its cgroup.kill
    int32_t leaf_events; // and cgroup.events
    int32_t program_pidfd;

    int32_t self;    // pid, in the namespace that it is in
    int32_t program; // pid, 0 before it is cloned; its process group under RUNG_PROCESS_GROUP
    int32_t
        group_by_pidfd; // RUNG_PROCESS_GROUP: signals reach it through program_pidfd, whatever its number comes to mean
    int32_t ready;      // its process has done all but the exec
    int32_t running;    // it is past its exec
    int32_t ended;      // it is dead; report.exit says how
    int32_t told_end;
    int32_t seen; // by the JVM, or nobody will look

    int32_t killing;   // everything is to end
    int32_t pass;      // how often that was tried
    int64_t next_pass; // nanoseconds
    int64_t next_look; // nanoseconds: at a group, which tells nobody when it is empty
    int64_t look_pause;
    int32_t answer_due;
    int64_t deadline; // of the answer
    struct init_report report;
};

// As getdents64(2) gives it.
struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

struct proc_stat {
    char state;
    int32_t parent;
    int32_t group;
    int32_t threads; // a dead leader counts until it is reaped, so a process with others alive has more than one
};

// ---- owned.c ----

// Takes a descriptor, or -errno, over: moves it out of the program's numbers, so that those can be closed as one. 0 or
// -errno.
long supervisor_own(const struct supervisor *supervisor, long fd, int32_t *where);

// The same for one that came through the exec of spawn4j-init.
long supervisor_take_over(const struct supervisor *supervisor, int64_t fd, int32_t *where);

// ---- procfs.c: reads only what can be read of a process that hangs ----

// 0, or -errno: gone.
long proc_stat(int32_t pid, struct proc_stat *stat);

// Calls visit for every entry of a directory whose name is a number. 0 or -errno.
long proc_numbers(const char *path, void (*visit)(void *context, int32_t number), void *context);

// Calls visit for every child of the process, all its threads' together. -errno if the host does not tell.
long proc_children(int32_t pid, void (*visit)(void *context, int32_t child), void *context);

// ---- tree.c: the descendants, as far as /proc shows them ----

struct tree_walk {
    int32_t alive;   // neither zombie nor dead
    int32_t moving;  // of those, neither stopped nor in uninterruptible sleep
    int32_t dead;    // of a group: zombies that nobody has reaped
    int32_t unknown; // of a group: what could not be looked at, and may be alive
};

// Sends a signal to each living descendant, or only counts them if sig is 0.
void tree_signal(struct supervisor *supervisor, int sig, struct tree_walk *walk);

// Sends a signal, or none if sig is 0, to the program's process group as one. 0 or -errno, -ESRCH once it has no
// member, zombies included. Only if group_by_pidfd is set, or the program is not reaped.
long group_signal_all(const struct supervisor *supervisor, int sig);

// Whether group_by_pidfd can be set, once the program is cloned.
int group_is_reached_by_pidfd(const struct supervisor *supervisor);

// As tree_signal, for each living member of that group.
void group_signal(struct supervisor *supervisor, int sig, struct tree_walk *walk);

// Notes a process that lives on, for the report.
void tree_note_survivor(struct supervisor *supervisor, int32_t pid, long error, char state);

// Counts a process that was sent SIGKILL, once.
void tree_note_signalled(struct supervisor *supervisor, int32_t pid);

// ---- leaf.c: the cgroup of its own ----

long leaf_make(struct supervisor *supervisor, int32_t *call);
void leaf_kill(struct supervisor *supervisor);
int leaf_is_empty(struct supervisor *supervisor);
void leaf_remove(const struct supervisor *supervisor);

// ---- namespace.c ----

// Returns in pid 1 of a new namespace; the calling process waits for it and ends with it. -errno with *call on failure.
long namespace_enter(struct supervisor *supervisor, int32_t *call);

// ---- program.c ----

// Clones the program's process. 0, or -errno with *call.
long program_start(struct supervisor *supervisor, int32_t *call);

// ---- kill.c ----

int64_t now_nanos(void);

// One attempt to end everything; sets when the next one is due.
void kill_pass(struct supervisor *supervisor);

// Tells the JVM how far it got.
void kill_answer(struct supervisor *supervisor);

// Whether nothing of the tree is left. Only after the program has ended.
int tree_is_empty(struct supervisor *supervisor);

#endif
