// SPDX-License-Identifier: Apache-2.0
//
// Finds the descendants through /proc and signals them. A number read there may be another process's a moment later, so
// each is held by a pidfd before it is looked at: if the signal still reaches that pidfd's process, nobody has reaped
// it in between, and what was read was about it.
#include <errno.h>

#include "../sys.h"
#include "supervisor.h"

#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif

#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP 4 // Linux 6.9
#endif

enum { MOST = 1 << 15, MOST_PIDS = 1 << 22, BITS = 8, SIGNAL_KILL = 9, BATCH = 64 };

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

long group_signal_all(const struct supervisor *supervisor, int sig) {
    return supervisor->group_by_pidfd
               ? SYS(pidfd_send_signal, supervisor->program_pidfd, sig, 0, PIDFD_SIGNAL_PROCESS_GROUP)
               : SYS(kill, -supervisor->program, sig);
}

int group_is_reached_by_pidfd(const struct supervisor *supervisor) {
    long ret = SYS(pidfd_send_signal, supervisor->program_pidfd, 0, 0, PIDFD_SIGNAL_PROCESS_GROUP);
    return ret == 0 || ret == -ESRCH; // it may not have made its group yet
}

struct group_visit {
    struct supervisor *supervisor;
    int sig;
    struct tree_walk *walk;
    int32_t held; // members whose group is still to be confirmed: that takes a walk of the kernel's through all of it
    int32_t pidfds[BATCH];
    int32_t pids[BATCH];
    char states[BATCH];
};

// The group's number is held by the program's zombie, or else by the group itself: if that has a member now, the number
// was its own when it was read before.
static int is_our_group(const struct supervisor *supervisor) {
    return !supervisor->group_by_pidfd || group_signal_all(supervisor, 0) != -ESRCH;
}

static void signal_held(struct group_visit *visit) {
    int ours = visit->held > 0 && is_our_group(visit->supervisor);
    for (int32_t i = 0; i < visit->held; i++) {
        if (ours)
            count_alive(visit->supervisor, visit->pids[i], visit->sig,
                        SYS(pidfd_send_signal, visit->pidfds[i], visit->sig, 0, 0), visit->states[i], visit->walk);
        SYS(close, visit->pidfds[i]);
    }
    visit->held = 0;
}

// 1: a living member of the group, 0: none, or gone; counts the dead and what cannot be seen.
static int is_member(const struct group_visit *visit, int32_t pid, struct proc_stat *stat) {
    long ret = proc_stat(pid, stat);
    visit->walk->unknown += ret < 0 && ret != -ENOENT && ret != -ESRCH;
    return ret == 0 && stat->group == visit->supervisor->program && !is_dead(stat);
}

static void visit_member(void *context, int32_t pid) {
    struct group_visit *visit = context;
    struct proc_stat stat = {0};
    if (!is_member(visit, pid, &stat)) {
        visit->walk->dead += stat.group == visit->supervisor->program;
        return;
    }
    long pidfd = SYS(pidfd_open, pid, 0);
    if (pidfd < 0) {
        visit->walk->unknown += pidfd != -ESRCH;
    } else if (!is_member(visit, pid, &stat)) {
        SYS(close, pidfd);
    } else {
        visit->pidfds[visit->held] = (int32_t)pidfd;
        visit->pids[visit->held] = pid;
        visit->states[visit->held++] = stat.state;
        if (visit->held == BATCH)
            signal_held(visit);
    }
}

void group_signal(struct supervisor *supervisor, int sig, struct tree_walk *walk) {
    struct group_visit visit;
    visit.supervisor = supervisor;
    visit.sig = sig;
    visit.walk = walk;
    visit.held = walk->alive = walk->moving = walk->dead = walk->unknown = 0;
    supervisor->report.left = 0;
    walk->unknown += proc_numbers("/proc", visit_member, &visit) < 0;
    signal_held(&visit);
}
