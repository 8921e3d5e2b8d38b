// SPDX-License-Identifier: Apache-2.0
//
// The spawner thread's own state, and what the caller's side of the core may ask of it.
#ifndef SPAWN4J_SPAWNER_H
#define SPAWN4J_SPAWNER_H

#include "abi.h"

// How the spawner came by its private descriptor table.
enum s4j_table { TABLE_CLOSE_RANGE, TABLE_UNSHARE, TABLE_SHARED };

// Bits of s4j_spawner.avoid: calls that a probe, or the user, ruled out.
enum { AVOID_CLONE3 = 1, AVOID_CLOSE_RANGE = 2, AVOID_PIDFD = 4, AVOID_UNSHARE = 8 };

struct s4j_spawner {
    uint64_t thread;        // pthread_t, for whoever joins a thread that ends
    struct s4j_slot *queue; // last in, first out; the spawner takes it whole and reverses it
    uint32_t sleeping;      // futex: 1 while the spawner waits for work
    uint32_t leave;         // 1 once the thread is to end
    uint32_t ready;         // futex: 1 once set up
    uint32_t taken;         // requests taken so far; a watcher sees that the thread makes progress
    uint32_t avoid;
    int32_t jvm_pid;
    int32_t tid;
    int32_t control_jvm;     // JVM's table: hands over the sockets of new slots
    int32_t control_peer;    // JVM's table: the other end, closed once the thread has its own
    int32_t control_spawner; // spawner's table: that other end
    int32_t setup_error;
    // What set-up found, for SpawnCapabilities. Errors are errno values, 0 for none.
    int32_t table; // enum s4j_table
    int32_t close_range_error;
    int32_t unshare_error;
    int32_t scheduling_error; // the process leader's scheduling attributes could not be taken over
    int32_t clone3_error;     // why clone3 is not used
    int32_t pidfd_error;      // why pidfds are not used
    int32_t self_test_error;
};

// Runs the child; never returns. Entered on the slot's own stack, sharing all memory.
_Noreturn void s4j_child(struct s4j_slot *slot);

// Clones a child that runs entry(argument) on the stack above `stack_low`. Returns its pid or -errno; *pidfd is -1
// without one.
long s4j_clone(uint32_t avoid, void (*entry)(void *), void *argument, uint64_t stack_low, uint32_t *busy,
               int32_t *pidfd);

// Proves in a throw-away child that memory is shared, the busy word is cleared and pidfds work; lowers spawner->avoid.
void s4j_self_test(struct s4j_spawner *spawner);

// Serves requests until the spawner is asked to leave.
void s4j_serve(struct s4j_spawner *spawner);

#endif
