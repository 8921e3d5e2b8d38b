// SPDX-License-Identifier: Apache-2.0
//
// The supervising spawn4j-init: one for each contained tree, outside the JVM. It ends when nothing is left of the tree,
// and ends the tree when the JVM asks for it or is gone: its spawner thread's death signal, or the hang-up of the
// socket, says so.
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <poll.h>
#include <sys/socket.h>

#include "../sys.h"
#include "supervisor.h"

enum { SIGNAL_CHILD = 17, SIGNAL_TERM = 15, SET_MASK = 2, SIGNALFD_FLAGS = O_CLOEXEC | O_NONBLOCK };
enum {
    WAIT_PID = 1,
    WAIT_ALL = 0,
    WAIT_NO_HANG = 1,
    WAIT_EXITED = 4,
    WAIT_KEEP = 0x01000000,
    WAIT_CLONES = 0x40000000
};
#define MILLISECOND INT64_C(1000000)
#define FIRST_LOOK_NANOS (10 * MILLISECOND)
#define LAST_LOOK_NANOS (1000 * MILLISECOND)

struct k_signalfd_siginfo {
    uint32_t signo;
    int32_t error, code;
    uint32_t pid;
    uint8_t rest[112];
};

struct k_rusage {
    int64_t user[2], system[2];
    int64_t max_rss, shared, data, stack, minor, major, swaps, in, out, sent, received, signals, voluntary, involuntary;
};

static _Noreturn void leave(int code) {
    for (;;)
        SYS(exit_group, code);
}

static _Noreturn void fail(struct supervisor *supervisor, int32_t call, long error) {
    leaf_remove(supervisor);
    init_answer(supervisor->socket, INIT_FAILED, STAGE_CONTAINMENT, error, call);
    leave(INIT_EXIT_NEVER_RAN);
}

static void nothing(void *context, int32_t child) {
    (void)context;
    (void)child;
}

static long set_up(struct supervisor *supervisor, int32_t *call) {
    const uint64_t all = ~UINT64_C(0), wanted = sig_bit(SIGNAL_CHILD) | sig_bit(SIGNAL_TERM);
    int64_t rung = supervisor->config->rung;
    long ret = SYS(rt_sigprocmask, SET_MASK, &all, 0, K_SIGSET_BYTES);
    *call = CALL_SIGNALFD;
    if (ret == 0)
        ret = supervisor_own(supervisor, SYS(signalfd4, -1, &wanted, K_SIGSET_BYTES, SIGNALFD_FLAGS),
                             &supervisor->signals);
    if (ret < 0)
        return ret;
    *call = CALL_SUBREAPER;
    if ((rung == RUNG_SUBREAPER || rung == RUNG_CGROUP) && (ret = SYS(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) < 0)
        return ret;
    *call = CALL_CHILDREN;
    if (rung != RUNG_PROCESS_GROUP && (ret = proc_children(supervisor->self, nothing, 0)) < 0)
        return ret;
    return rung == RUNG_CGROUP ? leaf_make(supervisor, call) : 0;
}

static int64_t micros(const int64_t time[2]) {
    return time[0] * 1000000 + time[1];
}

static void note_end(struct supervisor *supervisor, const struct k_siginfo *info, const struct k_rusage *usage) {
    struct s4j_exit *exit = &supervisor->report.exit;
    supervisor->ended = 1;
    exit->code = info->code;
    exit->status = info->status;
    exit->user_micros = micros(usage->user);
    exit->system_micros = micros(usage->system);
    exit->max_rss_kib = usage->max_rss;
    exit->minor_faults = usage->minor;
    exit->major_faults = usage->major;
    exit->blocks_in = usage->in;
    exit->blocks_out = usage->out;
    exit->voluntary = usage->voluntary;
    exit->involuntary = usage->involuntary;
}

// Before Linux 6.9 a group is known by its number alone: then the program stays a zombie, which keeps that from being
// given to somebody else.
static int keeps_zombie(const struct supervisor *supervisor) {
    return supervisor->config->rung == RUNG_PROCESS_GROUP && !supervisor->group_by_pidfd;
}

static void reap(struct supervisor *supervisor) {
    int keep = keeps_zombie(supervisor);
    struct k_siginfo info;
    struct k_rusage usage;
    if ((keep && supervisor->ended) || !supervisor->seen)
        return;
    for (;;) {
        info.pid = 0;
        long ret =
            keep ? SYS(waitid, WAIT_PID, supervisor->program, &info, WAIT_EXITED | WAIT_NO_HANG | WAIT_KEEP, &usage)
                 : SYS(waitid, WAIT_ALL, 0, &info, WAIT_EXITED | WAIT_NO_HANG | WAIT_CLONES, &usage);
        if (ret < 0 || info.pid == 0)
            return;
        supervisor->report.reaped++;
        if (info.pid == supervisor->program && !supervisor->ended)
            note_end(supervisor, &info, &usage);
        if (keep)
            return;
    }
}

static void order_kill(struct supervisor *supervisor) {
    if (supervisor->killing)
        return;
    supervisor->killing = 1;
    supervisor->pass = 0;
    supervisor->next_pass = 0;
}

static void take_signals(struct supervisor *supervisor) {
    struct k_signalfd_siginfo info[4];
    long got;
    while ((got = SYS(read, supervisor->signals, info, sizeof info)) > 0)
        for (long i = 0; i < got / (long)sizeof info[0]; i++)
            if (info[i].signo == SIGNAL_TERM && info[i].pid == (uint32_t)supervisor->config->parent &&
                supervisor->config->rung != RUNG_PID_NAMESPACE) // in which that number is somebody else's
                order_kill(supervisor);
}

static void take_request(struct supervisor *supervisor) {
    struct init_request request;
    long got = SYS(recvfrom, supervisor->socket, &request, sizeof request, MSG_DONTWAIT, 0, 0);
    if (got == -EAGAIN || got == -EINTR)
        return;
    if (got <= 0) { // the JVM is gone, or gave the start up
        order_kill(supervisor);
        SYS(close, supervisor->socket);
        supervisor->socket = -1;
        supervisor->seen = 1;
    } else if (got == sizeof request && request.kind == REQUEST_SEEN) {
        supervisor->seen = 1;
    } else if (got == sizeof request && request.kind == REQUEST_KILL) {
        order_kill(supervisor);
        supervisor->answer_due = 1;
        supervisor->report.sequence = request.sequence;
        supervisor->deadline = now_nanos() + request.millis * MILLISECOND;
    }
}

static long tell(struct supervisor *supervisor, int32_t kind) {
    supervisor->report.answer.kind = kind;
    return init_send(supervisor->socket, &supervisor->report, sizeof supervisor->report, -1);
}

// What the program's process says until its exec: nothing more than READY, and the end of the file, means success.
static void take_start(struct supervisor *supervisor) {
    struct init_answer answer;
    long got;
    while ((got = SYS(read, supervisor->exec_pipe, &answer, sizeof answer)) == sizeof answer) {
        if (answer.kind == INIT_READY) {
            supervisor->ready = 1;
            continue;
        }
        init_send(supervisor->socket, &answer, sizeof answer, -1);
        supervisor->seen = 1;
        order_kill(supervisor);
        break;
    }
    if (got == -EAGAIN || got == -EINTR)
        return;
    SYS(close, supervisor->exec_pipe);
    supervisor->exec_pipe = -1;
    if (got != 0)
        return;
    if (supervisor->ready) {
        answer.kind = INIT_STARTED;
        answer.stage = STAGE_EXEC;
        answer.error = supervisor->program;
        answer.call = 0;
        supervisor->running = 1;
        got = init_send(supervisor->socket, &answer, sizeof answer, supervisor->program_pidfd);
        if (got < 0) {
            init_answer(supervisor->socket, INIT_FAILED, STAGE_REPLY, got, CALL_NONE);
            supervisor->seen = 1;
            order_kill(supervisor);
        }
    } else {
        init_answer(supervisor->socket, INIT_FAILED, STAGE_CONTAINMENT, 0, CALL_CLONE);
        supervisor->seen = 1;
        order_kill(supervisor);
    }
    if (!supervisor->group_by_pidfd)
        SYS(close, supervisor->program_pidfd);
}

static _Noreturn void finish(struct supervisor *supervisor) {
    struct k_siginfo info;
    leaf_remove(supervisor);
    if (keeps_zombie(supervisor))
        SYS(waitid, WAIT_PID, supervisor->program, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    supervisor->report.tells_end = supervisor->running && !supervisor->told_end;
    supervisor->report.left = 0;
    tell(supervisor, INIT_EMPTY);
    leave(0);
}

// A look at a process group that is not empty reads all of /proc: at once when the program ends or something is killed,
// then ever more rarely.
static int is_worth_a_look(struct supervisor *supervisor) {
    int64_t now = now_nanos();
    if (supervisor->config->rung != RUNG_PROCESS_GROUP || supervisor->killing)
        return 1;
    if (now < supervisor->next_look)
        return 0;
    supervisor->look_pause = supervisor->look_pause == 0 ? FIRST_LOOK_NANOS : 2 * supervisor->look_pause;
    if (supervisor->look_pause > LAST_LOOK_NANOS)
        supervisor->look_pause = LAST_LOOK_NANOS;
    supervisor->next_look = now + supervisor->look_pause;
    return 1;
}

static int owes_end(const struct supervisor *supervisor) {
    return supervisor->running && supervisor->ended && !supervisor->told_end && supervisor->socket >= 0 &&
           supervisor->config->leftover != LEFTOVER_WAIT;
}

static void look_at_tree(struct supervisor *supervisor) {
    if (!supervisor->ended || supervisor->exec_pipe >= 0)
        return;
    int64_t leftover = supervisor->config->leftover;
    if (leftover == LEFTOVER_KILL)
        order_kill(supervisor);
    if (is_worth_a_look(supervisor) && tree_is_empty(supervisor))
        finish(supervisor);
    // Without memory for a message it is told later.
    if (owes_end(supervisor) && tell(supervisor, INIT_ENDED) == 0)
        supervisor->told_end = 1;
}

// How long to sleep: until the next pass, the answer that is due, or the next look at a group that tells nobody when it
// is empty.
static int64_t pause(const struct supervisor *supervisor) {
    int64_t until = INT64_MAX, now;
    if (supervisor->killing)
        until = supervisor->next_pass;
    if (supervisor->answer_due && supervisor->deadline < until)
        until = supervisor->deadline;
    now = now_nanos();
    if (supervisor->ended && !supervisor->killing && supervisor->config->rung == RUNG_PROCESS_GROUP &&
        supervisor->next_look < until)
        until = supervisor->next_look;
    if (owes_end(supervisor) && now + FIRST_LOOK_NANOS < until)
        until = now + FIRST_LOOK_NANOS;
    if (until == INT64_MAX)
        return -1;
    return until > now ? until - now : 0;
}

static void wait_for_something(const struct supervisor *supervisor) {
    struct pollfd fds[] = {{supervisor->signals, POLLIN, 0},
                           {supervisor->socket, POLLIN, 0},
                           {supervisor->exec_pipe, POLLIN, 0},
                           {supervisor->ended ? supervisor->leaf_events : -1, POLLPRI, 0}};
    int64_t nanos = pause(supervisor), time[2] = {nanos / (1000 * MILLISECOND), nanos % (1000 * MILLISECOND)};
    SYS(ppoll, fds, sizeof fds / sizeof fds[0], nanos < 0 ? 0 : time, 0, 0);
}

static _Noreturn void serve(struct supervisor *supervisor) {
    for (;;) {
        wait_for_something(supervisor);
        take_signals(supervisor);
        if (supervisor->socket >= 0)
            take_request(supervisor);
        if (supervisor->exec_pipe >= 0)
            take_start(supervisor);
        reap(supervisor);
        look_at_tree(supervisor);
        if (supervisor->killing && now_nanos() >= supervisor->next_pass) {
            kill_pass(supervisor);
            reap(supervisor);
            look_at_tree(supervisor);
        }
        if (supervisor->answer_due && now_nanos() >= supervisor->deadline)
            kill_answer(supervisor);
    }
}

static int is_hung_up(int32_t socket) {
    struct pollfd one = {socket, 0, 0};
    int64_t none[2] = {0, 0};
    return SYS(ppoll, &one, 1, none, 0, 0) == 1;
}

static struct supervisor the_supervisor;

_Noreturn void init_supervise(struct init_config *config, const struct init_arrays *arrays,
                              const struct init_program *program) {
    struct supervisor *supervisor = &the_supervisor;
    int32_t call = CALL_DESCRIPTORS;
    supervisor->config = config;
    supervisor->arrays = arrays;
    supervisor->run = program;
    supervisor->socket = (int32_t)config->socket;
    supervisor->signals = supervisor->exec_pipe = supervisor->joined = supervisor->leaf_parent = supervisor->leaf =
        supervisor->leaf_kill = supervisor->leaf_events = supervisor->program_pidfd = -1;
    long ret = supervisor_take_over(supervisor, config->socket, &supervisor->socket);
    if (ret == 0 && config->flags & INIT_CGROUP &&
        (ret = supervisor_take_over(supervisor, config->cgroup, &supervisor->joined)) == 0)
        config->cgroup = supervisor->joined;
    if (ret == 0 && config->rung == RUNG_CGROUP)
        ret = supervisor_take_over(supervisor, config->leaf_parent, &supervisor->leaf_parent);
    if (ret == 0 && config->rung == RUNG_PID_NAMESPACE)
        ret = namespace_enter(supervisor, &call);
    supervisor->self = (int32_t)SYS(getpid);
    supervisor->seen = config->rung != RUNG_PID_NAMESPACE;
    // A start that was given up before this runs: its JVM counts on it that nothing is made or started then.
    if (ret == 0 && is_hung_up(supervisor->socket))
        leave(INIT_EXIT_NEVER_RAN);
    if (ret == 0)
        ret = set_up(supervisor, &call);
    if (ret == 0)
        ret = program_start(supervisor, &call);
    if (ret < 0 && supervisor->program == 0)
        fail(supervisor, call, ret);
    if (ret < 0) { // what the program has begun meanwhile ends with it
        init_answer(supervisor->socket, INIT_FAILED, STAGE_CONTAINMENT, ret, call);
        supervisor->seen = 1;
        if (supervisor->exec_pipe >= 0)
            SYS(close, supervisor->exec_pipe);
        supervisor->exec_pipe = -1; // it has nothing to tell any more
        order_kill(supervisor);
    }
    serve(supervisor);
}
