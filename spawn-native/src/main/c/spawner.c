// SPDX-License-Identifier: Apache-2.0
//
// The spawner: one long-lived native thread with a descriptor table of its own, from which every child is cloned. It is
// created by pthread_create (the only symbol this library takes from elsewhere), never attached to the JVM, and after its
// first instruction uses raw system calls only.
#include "spawner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/socket.h>

#include "descriptors.h"
#include "sys.h"

#define RANGE_UNSHARE 2 // CLOSE_RANGE_UNSHARE, Linux 5.9
#define FILES_UNSHARE 0x400

enum { SPAWNER_SOCKET = 3, FIRST_PIPE_END = 1 };

int pthread_create(unsigned long *thread, const void *attributes, void *(*start)(void *), void *argument);

long futex_wait(uint32_t *word, uint32_t value, int64_t nanos) {
    int64_t time[2] = {nanos / 1000000000, nanos % 1000000000};
    // Not FUTEX_PRIVATE: the kernel wakes CLONE_CHILD_CLEARTID words through the shared form.
    return SYS(futex, word, 0 /* FUTEX_WAIT */, value, nanos < 0 ? 0 : time, 0, 0);
}

long futex_wake(uint32_t *word, int count) {
    return SYS(futex, word, 1 /* FUTEX_WAKE */, count, 0, 0, 0);
}

static void set_state(struct s4j_slot *slot, uint32_t state) {
    if (__atomic_exchange_n(&slot->state, state, __ATOMIC_ACQ_REL) & STATE_WATCHED)
        futex_wake(&slot->state, 1);
}

static void close_if_open(int32_t *fd) {
    if (*fd >= 0)
        SYS(close, *fd);
    *fd = -1;
}

// ---- requests ----

// Ends of the pipes in the spawner's table while one request is served.
struct pipe_ends {
    int32_t parent[3];
    int32_t child[3];
};

static long make_pipes(uint32_t pipes, struct pipe_ends *ends) {
    for (int i = 0; i < 3; i++) {
        if (!(pipes & (1u << i)))
            continue;
        int32_t pair[2];
        long ret = SYS(pipe2, pair, O_CLOEXEC);
        if (ret < 0)
            return ret;
        ends->parent[i] = pair[i == 0 ? FIRST_PIPE_END : 0];
        ends->child[i] = pair[i == 0 ? 0 : FIRST_PIPE_END];
        ret = SYS(fcntl, ends->parent[i], F_SETFL, O_NONBLOCK);
        if (ret < 0)
            return ret;
    }
    return 0;
}

// The numbers are consecutive as a rule, since nothing else opens files in this table: then one call closes them all.
static void close_pipes(const struct s4j_spawner *spawner, struct pipe_ends *ends) {
    int32_t lowest = INT32_MAX, highest = -1, count = 0;
    int32_t *all[6] = {&ends->parent[0], &ends->parent[1], &ends->parent[2],
                       &ends->child[0],  &ends->child[1],  &ends->child[2]};
    for (int i = 0; i < 6; i++) {
        int32_t fd = *all[i];
        if (fd < 0)
            continue;
        count++;
        if (fd < lowest)
            lowest = fd;
        if (fd > highest)
            highest = fd;
    }
    if (count > 1 && highest - lowest + 1 == count && spawner->table != TABLE_SHARED &&
        !(spawner->avoid & AVOID_CLOSE_RANGE) && SYS(close_range, lowest, highest, 0) == 0)
        return;
    for (int i = 0; i < 6; i++)
        close_if_open(all[i]);
}

static void child_entry(void *argument) {
    s4j_child(argument);
}

static void fail_before_clone(struct s4j_slot *slot, int32_t stage, long error) {
    slot->stage = stage;
    slot->error = (int32_t)-error;
    __atomic_store_n(&slot->busy, 0, __ATOMIC_RELEASE);
    futex_wake(&slot->busy, 1);
    set_state(slot, STATE_FAILED);
}

static void serve_spawn(struct s4j_spawner *spawner, struct s4j_slot *slot) {
    struct pipe_ends ends = {{-1, -1, -1}, {-1, -1, -1}};
    close_if_open(&slot->kept_pidfd);
    slot->pid = 0;
    long ret = make_pipes(slot->pipes, &ends);
    if (ret < 0) {
        close_pipes(spawner, &ends);
        fail_before_clone(slot, STAGE_PIPE, ret);
        return;
    }
    for (int i = 0; i < 3; i++)
        slot->child_end[i] = ends.child[i];
    slot->expected_parent = spawner->jvm_pid;
    // Past a successful clone the child writes stage and error; this thread must not.
    slot->stage = STAGE_CLONE;
    slot->error = 0;
    int32_t pidfd;
    long pid = s4j_clone(spawner->avoid, child_entry, slot, slot->stack_low, &slot->busy, &pidfd);
    if (pid < 0) {
        close_pipes(spawner, &ends);
        fail_before_clone(slot, STAGE_CLONE, pid);
        return;
    }
    slot->pid = (int32_t)pid;
    slot->kept_pidfd = pidfd;
    int32_t reply[FD_COUNT];
    uint32_t count = 0;
    if (pidfd >= 0)
        reply[count++] = pidfd;
    for (int i = 0; i < 3; i++)
        if (ends.parent[i] >= 0)
            reply[count++] = ends.parent[i];
    ret = send_descriptors(slot->spawner_socket, slot->sequence, reply, count);
    close_pipes(spawner, &ends);
    slot->reply_error = (int32_t)-ret;
    set_state(slot, STATE_CLONED);
}

// Kills and reaps the child that the last request started, when its descriptors could not be handed over. Without pidfds its
// number serves: nobody has reaped it yet, unless a foreign waiter did.
static void serve_reap(struct s4j_slot *slot) {
    enum { ID_PID = 1, ID_PIDFD = 3, WAIT_NO_HANG = 1, WAIT_EXITED = 4, KILL = 9 };
    struct k_siginfo info;
    long ret = -ECHILD;
    info.pid = 0;
    if (slot->kept_pidfd >= 0) {
        SYS(pidfd_send_signal, slot->kept_pidfd, KILL, 0, 0);
        ret = SYS(waitid, ID_PIDFD, slot->kept_pidfd, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    } else if (slot->pid > 0) {
        SYS(kill, slot->pid, KILL);
        ret = SYS(waitid, ID_PID, slot->pid, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    }
    if (ret == 0 && info.pid == 0)
        ret = -EAGAIN;
    if (ret != -EAGAIN) {
        close_if_open(&slot->kept_pidfd);
        slot->pid = 0;
    }
    slot->error = (int32_t)-ret;
    set_state(slot, STATE_FAILED);
}

static void serve_adopt(struct s4j_spawner *spawner, struct s4j_slot *slot) {
    uint64_t payload;
    int32_t fd = -1;
    long ret;
    // A message that could not be received when its turn came belongs to a slot that is gone.
    while ((ret = receive_descriptors(spawner->control_spawner, &payload, &fd, 1)) == 1 && payload != (uint64_t)slot)
        close_if_open(&fd);
    slot->spawner_socket = ret == 1 ? fd : -1;
    slot->error = ret == 1 ? 0 : (int32_t)(ret < 0 ? -ret : EPROTO);
    set_state(slot, ret == 1 ? STATE_CLONED : STATE_FAILED);
}

static void serve(struct s4j_spawner *spawner, struct s4j_slot *slot) {
    uint32_t queued = STATE_QUEUED;
    __atomic_fetch_add(&spawner->taken, 1, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&slot->state, &queued, (queued & STATE_WATCHED) | STATE_TAKEN, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        if ((queued & STATE_MASK) != STATE_QUEUED) { // the caller gave up on a spawner that seemed stuck
            set_state(slot, STATE_DROPPED);
            return;
        }
    }
    switch (slot->operation) {
    case OP_SPAWN:
        serve_spawn(spawner, slot);
        break;
    case OP_ADOPT:
        serve_adopt(spawner, slot);
        break;
    case OP_REAP:
        serve_reap(slot);
        break;
    default:
        close_if_open(&slot->kept_pidfd);
        close_if_open(&slot->spawner_socket);
        set_state(slot, STATE_CLONED);
    }
}

static struct s4j_slot *reverse(struct s4j_slot *list) {
    struct s4j_slot *first = 0;
    while (list) {
        struct s4j_slot *next = list->next;
        list->next = first;
        first = list;
        list = next;
    }
    return first;
}

static void serve_forever(struct s4j_spawner *spawner) {
    for (;;) {
        struct s4j_slot *list = __atomic_exchange_n(&spawner->queue, 0, __ATOMIC_SEQ_CST);
        if (!list) {
            __atomic_store_n(&spawner->sleeping, 1, __ATOMIC_SEQ_CST);
            if (!__atomic_load_n(&spawner->queue, __ATOMIC_SEQ_CST))
                futex_wait(&spawner->sleeping, 1, -1);
            __atomic_store_n(&spawner->sleeping, 0, __ATOMIC_SEQ_CST);
            continue;
        }
        for (list = reverse(list); list;) {
            struct s4j_slot *slot = list;
            list = list->next; // the slot may be somebody else's the moment its state is set
            serve(spawner, slot);
        }
    }
}

// ---- set-up ----

// A copy of the table could not be made this time, which says nothing about the call.
static int means_shortage(long error) {
    return error == -ENOMEM || error == -EMFILE || error == -EAGAIN;
}

// Takes a private table and leaves in it: /dev/null on 0 to 2, the control socket on 3.
static long take_private_table(struct s4j_spawner *spawner) {
    int32_t socket = spawner->control_peer;
    long ret = -ENOSYS;
    spawner->table = TABLE_CLOSE_RANGE;
    if (!(spawner->avoid & AVOID_CLOSE_RANGE))
        ret = SYS(close_range, socket + 1, ~0U, RANGE_UNSHARE);
    if (means_shortage(ret))
        return ret;
    if (ret < 0) {
        spawner->close_range_error = (int32_t)-ret;
        spawner->table = TABLE_UNSHARE;
        ret = spawner->avoid & AVOID_UNSHARE ? -EPERM : SYS(unshare, FILES_UNSHARE);
        if (means_shortage(ret))
            return ret;
        if (ret < 0) {
            spawner->unshare_error = (int32_t)-ret;
            spawner->table = TABLE_SHARED;
            return 0;
        }
    }
    if (socket < SPAWNER_SOCKET)
        ret = SYS(fcntl, socket, F_DUPFD_CLOEXEC, SPAWNER_SOCKET);
    else if (socket > SPAWNER_SOCKET)
        ret = SYS(dup3, socket, SPAWNER_SOCKET, O_CLOEXEC);
    else
        ret = SPAWNER_SOCKET;
    if (ret < 0)
        return ret;
    spawner->control_spawner = (int32_t)ret;
    ret = close_descriptors(SPAWNER_SOCKET, spawner->control_spawner, spawner->avoid);
    if (ret < 0)
        return ret;
    // Not a user's terminal. Where there is no /dev/null an eventfd holds the numbers as well: each child replaces them.
    long null = SYS(openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    if (null < 0)
        null = SYS(eventfd2, 0, O_CLOEXEC);
    if (null < 0)
        return null;
    for (int fd = 0; fd < 3; fd++)
        if (null != fd && (ret = SYS(dup3, null, fd, O_CLOEXEC)) < 0)
            return ret;
    if (null >= 3)
        SYS(close, null);
    return 0;
}

struct k_sched_attr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t util_min, util_max;
};

// /proc/self is the leader's. Reading it takes CAP_SYS_NICE; without it the slack of the first caller stays, which is the
// leader's as well unless somebody changed one of them.
static void take_leaders_timer_slack(void) {
    char text[24];
    long fd = SYS(openat, AT_FDCWD, "/proc/self/timerslack_ns", O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    long got = SYS(read, fd, text, sizeof text);
    SYS(close, fd);
    unsigned long nanos = 0;
    for (long i = 0; i < got && text[i] >= '0' && text[i] <= '9'; i++)
        nanos = nanos * 10 + (unsigned long)(text[i] - '0');
    if (nanos > 0)
        SYS(prctl, PR_SET_TIMERSLACK, nanos, 0, 0, 0);
}

// The first caller may be pinned or niced; children are to look like children of the process.
static void take_leaders_scheduling(struct s4j_spawner *spawner) {
    uint64_t cpus[128]; // up to 8,192 CPUs
    struct k_sched_attr leader, self;
    long ret = SYS(sched_getaffinity, spawner->jvm_pid, sizeof cpus, cpus);
    if (ret > 0)
        ret = SYS(sched_setaffinity, 0, ret, cpus);
    if (ret < 0)
        spawner->scheduling_error = (int32_t)-ret;
    ret = SYS(sched_getattr, spawner->jvm_pid, &leader, sizeof leader, 0);
    if (ret == 0)
        ret = SYS(sched_getattr, 0, &self, sizeof self, 0);
    if (ret == 0 && (leader.policy != self.policy || leader.nice != self.nice || leader.priority != self.priority))
        ret = SYS(sched_setattr, 0, &leader, 0);
    if (ret < 0)
        spawner->scheduling_error = (int32_t)-ret;
    take_leaders_timer_slack();
}

static void *spawner_main(void *argument) {
    struct s4j_spawner *spawner = argument;
    SYS(prctl, PR_SET_NAME, "spawn4j-spawner", 0, 0, 0);
    spawner->tid = (int32_t)SYS(gettid);
    long ret = take_private_table(spawner);
    if (ret == 0) {
        take_leaders_scheduling(spawner);
        s4j_self_test(spawner);
        ret = -spawner->self_test_error;
    }
    spawner->setup_error = (int32_t)-ret;
    __atomic_store_n(&spawner->ready, 1, __ATOMIC_RELEASE);
    futex_wake(&spawner->ready, INT32_MAX);
    if (ret == 0)
        serve_forever(spawner);
    return 0;
}

S4J_EXPORT long s4j_spawner_start(long address, int avoid) {
    struct s4j_spawner *spawner = (struct s4j_spawner *)address;
    int32_t pair[2];
    long ret = SYS(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
    if (ret < 0)
        return ret;
    spawner->control_jvm = pair[0];
    spawner->control_peer = spawner->control_spawner = pair[1];
    spawner->avoid = (uint32_t)avoid;
    spawner->jvm_pid = (int32_t)SYS(getpid);
    // The thread inherits this mask. 32 to 34 are a libc's own: its setuid broadcast would wait for this thread for ever.
    uint64_t mask = ~(sig_bit(32) | sig_bit(33) | sig_bit(34)), before;
    unsigned long thread;
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, &before, K_SIGSET_BYTES);
    int error = pthread_create(&thread, 0, spawner_main, spawner);
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &before, 0, K_SIGSET_BYTES);
    if (error != 0) {
        SYS(close, pair[0]);
        SYS(close, pair[1]);
        spawner->control_jvm = -1;
        return -error;
    }
    return 0;
}

// 1 when set up, 0 when not yet after `nanos`, -errno when set-up failed (the thread is gone then).
S4J_EXPORT long s4j_spawner_await(long address, long nanos) {
    struct s4j_spawner *spawner = (struct s4j_spawner *)address;
    if (!__atomic_load_n(&spawner->ready, __ATOMIC_ACQUIRE))
        futex_wait(&spawner->ready, 0, nanos);
    if (!__atomic_load_n(&spawner->ready, __ATOMIC_ACQUIRE))
        return 0;
    return spawner->setup_error ? -spawner->setup_error : 1;
}
