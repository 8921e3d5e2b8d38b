// SPDX-License-Identifier: Apache-2.0
//
// Finds the descendants through /proc and signals them. A number read there may be another process's a moment later, so each is
// held by a pidfd before it is looked at: if the signal still reaches that pidfd's process, nobody has reaped it in between, and
// what was read was about it.
#include <errno.h>

#include "../sys.h"
#include "supervisor.h"

#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif

enum { MOST = 1 << 15, MOST_PIDS = 1 << 22, BITS = 8, SIGNAL_KILL = 9 };

// More than fit are found by the next pass, when the first are dead. Untouched pages of these cost nothing.
static int32_t pids[MOST], parents[MOST];
static int32_t count;
static uint8_t signalled[MOST_PIDS / BITS];

struct visit {
    int32_t parent;
};

static void add(void *context, int32_t child) {
    const struct visit *visit = context;
    if (count < MOST) {
        pids[count] = child;
        parents[count++] = visit->parent;
    }
}

void tree_note_signalled(struct supervisor *supervisor, int32_t pid) {
    if (pid < 0 || pid >= MOST_PIDS || signalled[pid / BITS] & (1 << pid % BITS))
        return;
    signalled[pid / BITS] |= (uint8_t)(1 << pid % BITS);
    supervisor->report.signalled++;
}

void tree_note_survivor(struct supervisor *supervisor, int32_t pid, long error, char state) {
    struct init_report *report = &supervisor->report;
    if (report->left < INIT_MAX_SURVIVORS) {
        struct init_survivor *survivor = &report->survivors[report->left];
        survivor->pid = pid;
        survivor->error = (int32_t)-error;
        survivor->state = state;
    }
    report->left++;
}

static int is_dead(const struct proc_stat *stat) {
    return (stat->state == 'Z' && stat->threads <= 1) || stat->state == 'X' || stat->state == 'x';
}

static int is_moving(char state) {
    return state != 'T' && state != 't' && state != 'D';
}

static void count_alive(struct supervisor *supervisor, int32_t pid, int sig, long sent, char state,
                        struct tree_walk *walk) {
    if (sent == -ESRCH)
        return;
    walk->alive++;
    walk->moving += is_moving(state);
    if (sent == 0 && sig == SIGNAL_KILL)
        tree_note_signalled(supervisor, pid);
    if (sig == 0 || sent < 0)
        tree_note_survivor(supervisor, pid, sent, state);
}

static void signal_one(struct supervisor *supervisor, int32_t pid, int32_t parent, int sig, struct tree_walk *walk) {
    struct proc_stat stat;
    long pidfd = SYS(pidfd_open, pid, 0);
    if (pidfd < 0)
        return; // gone; or no descriptor, which the next pass tries again
    if (proc_stat(pid, &stat) == 0 && !is_dead(&stat) && (stat.parent == parent || stat.parent == supervisor->self))
        count_alive(supervisor, pid, sig, SYS(pidfd_send_signal, pidfd, sig, 0, 0), stat.state, walk);
    SYS(close, pidfd);
}

void tree_signal(struct supervisor *supervisor, int sig, struct tree_walk *walk) {
    walk->alive = walk->moving = 0;
    supervisor->report.left = 0;
    count = 0;
    struct visit visit = {supervisor->self};
    proc_children(supervisor->self, add, &visit);
    // All of them first: the children of one that is killed meanwhile would have moved on.
    for (int32_t i = 0; i < count; i++) {
        visit.parent = pids[i];
        proc_children(pids[i], add, &visit);
    }
    for (int32_t i = 0; i < count; i++)
        signal_one(supervisor, pids[i], parents[i], sig, walk);
}

struct group_visit {
    struct supervisor *supervisor;
    int sig;
    struct tree_walk *walk;
};

// The program's own zombie, which is kept till the end, holds the group's number.
static void signal_member(void *context, int32_t pid) {
    const struct group_visit *visit = context;
    struct proc_stat stat;
    if (proc_stat(pid, &stat) < 0 || stat.group != visit->supervisor->program || is_dead(&stat))
        return;
    long pidfd = SYS(pidfd_open, pid, 0);
    if (pidfd < 0)
        return;
    if (proc_stat(pid, &stat) == 0 && stat.group == visit->supervisor->program && !is_dead(&stat))
        count_alive(visit->supervisor, pid, visit->sig, SYS(pidfd_send_signal, pidfd, visit->sig, 0, 0), stat.state,
                    visit->walk);
    SYS(close, pidfd);
}

void group_signal(struct supervisor *supervisor, int sig, struct tree_walk *walk) {
    struct group_visit visit = {supervisor, sig, walk};
    walk->alive = walk->moving = 0;
    supervisor->report.left = 0;
    proc_numbers("/proc", signal_member, &visit);
}
