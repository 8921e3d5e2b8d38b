// SPDX-License-Identifier: Apache-2.0
//
// Sets the spawner up: one long-lived native thread with a descriptor table of its own. It is created by pthread_create
// (the only symbol this library takes from elsewhere), is never attached to the JVM, and from its first instruction
// uses raw system calls only.
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/socket.h>

#include "descriptors.h"
#include "futex.h"
#include "spawner.h"
#include "sys.h"

#define RANGE_UNSHARE 2     // CLOSE_RANGE_UNSHARE, Linux 5.9
#define FILES_UNSHARE 0x400 // CLONE_FILES

enum { SPAWNER_SOCKET = 3 };

int pthread_create(unsigned long *thread, const void *attributes, void *(*start)(void *), void *argument);

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
    // Not a user's terminal. Where there is no /dev/null an eventfd holds the numbers as well: each child replaces
    // them.
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

// /proc/self is the leader's. Reading it takes CAP_SYS_NICE; without it the slack of the first caller stays, which is
// the leader's as well unless somebody changed one of them.
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
        s4j_serve(spawner);
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
    // The thread inherits this mask. 32 to 34 are a libc's own: its setuid broadcast would wait for this thread for
    // ever.
    uint64_t mask = ~(sig_bit(32) | sig_bit(33) | sig_bit(34)), before;
    unsigned long thread = 0;
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, &before, K_SIGSET_BYTES);
    int error = pthread_create(&thread, 0, spawner_main, spawner);
    spawner->thread = thread;
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &before, 0, K_SIGSET_BYTES);
    if (error != 0) {
        SYS(close, pair[0]);
        SYS(close, pair[1]);
        spawner->control_jvm = -1;
        return -error;
    }
    return 0;
}

// Asks the thread to end, when no slot is left that it has adopted. It is joined then; the parent-death signal of every
// child goes with it, so there must be none.
S4J_EXPORT void s4j_spawner_leave(long address) {
    struct s4j_spawner *spawner = (struct s4j_spawner *)address;
    __atomic_store_n(&spawner->leave, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&spawner->sleeping, 0, __ATOMIC_SEQ_CST);
    futex_wake(&spawner->sleeping, 1);
}

// 1 when set up, 0 when not yet after `nanos`, -errno when set-up failed (the thread ends then; its stack goes when it
// is joined).
S4J_EXPORT long s4j_spawner_await(long address, long nanos) {
    struct s4j_spawner *spawner = (struct s4j_spawner *)address;
    if (!__atomic_load_n(&spawner->ready, __ATOMIC_ACQUIRE))
        futex_wait(&spawner->ready, 0, nanos);
    if (!__atomic_load_n(&spawner->ready, __ATOMIC_ACQUIRE))
        return 0;
    return spawner->setup_error ? -spawner->setup_error : 1;
}
