// SPDX-License-Identifier: Apache-2.0
//
// Ends everything by the rung's own means, in passes: what escapes one, by being forked meanwhile, is found by the
// next. The proof is the kernel's: no child left to wait for (orphans come back to a subreaper and to pid 1), and a
// cgroup that is not populated.
#include <errno.h>

#include "../sys.h"
#include "supervisor.h"

enum { CLOCK_MONOTONIC_ID = 1, SIGNAL_KILL = 9, SIGNAL_STOP = 19, WAIT_PID = 1, WAIT_ALL = 0 };
enum { WAIT_NO_HANG = 1, WAIT_EXITED = 4, WAIT_KEEP = 0x01000000 };
enum { PASSES_WITHOUT_STOP = 2, MOST_STOP_WALKS = 64, LONGEST_PAUSE_SHIFT = 9 };
#define MILLISECOND INT64_C(1000000)
#define STOP_NANOS (200 * MILLISECOND)

int64_t now_nanos(void) {
    int64_t time[2];
    SYS(clock_gettime, CLOCK_MONOTONIC_ID, time);
    return time[0] * 1000 * MILLISECOND + time[1];
}

// Processes that multiply faster than they are found stand still first.
static void stop_all(struct supervisor *supervisor) {
    struct tree_walk walk;
    int64_t until = now_nanos() + STOP_NANOS;
    for (int i = 0; i < MOST_STOP_WALKS && now_nanos() < until; i++) {
        tree_signal(supervisor, SIGNAL_STOP, &walk);
        if (walk.moving == 0)
            return;
    }
}

void kill_pass(struct supervisor *supervisor) {
    struct tree_walk walk;
    int pass = supervisor->pass++;
    int64_t rung = supervisor->config->rung;
    if (rung == RUNG_CGROUP)
        leaf_kill(supervisor);
    if (rung == RUNG_PROCESS_GROUP) {
        group_signal(supervisor, SIGNAL_KILL, &walk);
        group_signal_all(supervisor, SIGNAL_KILL); // all at once: none is forked past it
        if (!supervisor->ended)                    // it may have left its group
            SYS(kill, supervisor->program, SIGNAL_KILL);
    } else {
        if (pass >= PASSES_WITHOUT_STOP && rung == RUNG_SUBREAPER)
            stop_all(supervisor);
        tree_signal(supervisor, SIGNAL_KILL, &walk);
    }
    if (rung == RUNG_PID_NAMESPACE)
        SYS(kill, -1, SIGNAL_KILL);
    int shift = pass < LONGEST_PAUSE_SHIFT ? pass : LONGEST_PAUSE_SHIFT;
    supervisor->next_pass = now_nanos() + (MILLISECOND << shift);
}

int tree_is_empty(struct supervisor *supervisor) {
    struct k_siginfo info;
    struct tree_walk walk;
    if (!supervisor->ended)
        return 0;
    if (supervisor->config->rung == RUNG_PROCESS_GROUP) {
        if (supervisor->group_by_pidfd && group_signal_all(supervisor, 0) == -ESRCH)
            return 1;
        // Zombies, whose parent does not reap them, are members, too. If there is not even one to be seen, the living
        // are hidden (hidepid).
        group_signal(supervisor, 0, &walk);
        return walk.alive == 0 && walk.unknown == 0 && walk.dead > 0;
    }
    // Read in any case: that is what ends the event which woke us.
    int unpopulated = supervisor->leaf < 0 || leaf_is_empty(supervisor);
    return unpopulated && SYS(waitid, WAIT_ALL, 0, &info, WAIT_EXITED | WAIT_NO_HANG | WAIT_KEEP, 0) == -ECHILD;
}

void kill_answer(struct supervisor *supervisor) {
    struct tree_walk walk;
    supervisor->answer_due = 0;
    if (supervisor->config->rung == RUNG_PROCESS_GROUP)
        group_signal(supervisor, 0, &walk);
    else
        tree_signal(supervisor, 0, &walk);
    supervisor->report.answer.kind = INIT_KILLED;
    init_send(supervisor->socket, &supervisor->report, sizeof supervisor->report, -1);
}
