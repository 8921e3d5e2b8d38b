// SPDX-License-Identifier: Apache-2.0
//
// What the spawner thread does with requests: takes slots off its queue, makes channels, clones the child, hands its
// descriptors to the caller. Raw system calls only; nothing here may block, or every caller waits.
#include "spawner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "descriptors.h"
#include "futex.h"
#include "sys.h"

enum { WRITE_END = 1 };

static void set_state(struct s4j_slot *slot, uint32_t state) {
    if (__atomic_exchange_n(&slot->state, state, __ATOMIC_ACQ_REL) & STATE_WATCHED)
        futex_wake(&slot->state, 1);
}

static void close_if_open(int32_t *fd) {
    if (*fd >= 0)
        SYS(close, *fd);
    *fd = -1;
}

// Ends of the channels in the spawner's table while one request is served.
struct ends {
    int32_t parent[CHANNEL_COUNT];
    int32_t child[CHANNEL_COUNT];
};

static long make_channel(int channel, struct ends *ends) {
    int32_t pair[2];
    long ret = channel == CHANNEL_HELPER ? SYS(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)
                                         : SYS(pipe2, pair, O_CLOEXEC);
    if (ret < 0)
        return ret;
    ends->parent[channel] = pair[channel == 0 ? WRITE_END : 0];
    ends->child[channel] = pair[channel == 0 ? 0 : WRITE_END];
    return SYS(fcntl, ends->parent[channel], F_SETFL, O_NONBLOCK);
}

static long make_channels(uint32_t channels, struct ends *ends) {
    long ret = 0;
    for (int i = 0; i < CHANNEL_COUNT && ret == 0; i++)
        if (channels & (1u << i))
            ret = make_channel(i, ends);
    return ret;
}

// The numbers are consecutive as a rule, since nothing else opens files in this table: then one call closes them all.
static void close_channels(const struct s4j_spawner *spawner, struct ends *ends) {
    int32_t lowest = INT32_MAX, highest = -1, count = 0;
    int32_t *all[2 * CHANNEL_COUNT];
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        all[i] = &ends->parent[i];
        all[CHANNEL_COUNT + i] = &ends->child[i];
    }
    for (int i = 0; i < 2 * CHANNEL_COUNT; i++) {
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
    for (int i = 0; i < 2 * CHANNEL_COUNT; i++)
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
    struct ends ends = {{-1, -1, -1, -1}, {-1, -1, -1, -1}};
    close_if_open(&slot->kept_pidfd);
    slot->pid = 0;
    long ret = make_channels(slot->channels, &ends);
    if (ret < 0) {
        close_channels(spawner, &ends);
        fail_before_clone(slot, STAGE_PIPE, ret);
        return;
    }
    for (int i = 0; i < CHANNEL_COUNT; i++)
        slot->child_end[i] = ends.child[i];
    slot->expected_parent = spawner->jvm_pid;
    // Past a successful clone the child writes stage and error; this thread must not.
    slot->stage = STAGE_CLONE;
    slot->error = 0;
    int32_t pidfd;
    long pid = s4j_clone(spawner->avoid, child_entry, slot, slot->stack_low, &slot->busy, &pidfd);
    if (pid < 0) {
        close_channels(spawner, &ends);
        fail_before_clone(slot, STAGE_CLONE, pid);
        return;
    }
    slot->pid = (int32_t)pid;
    slot->kept_pidfd = pidfd;
    int32_t reply[FD_COUNT];
    uint32_t count = 0;
    if (pidfd >= 0)
        reply[count++] = pidfd;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (ends.parent[i] >= 0)
            reply[count++] = ends.parent[i];
    ret = send_descriptors(slot->spawner_socket, slot->sequence, reply, count);
    close_channels(spawner, &ends);
    slot->reply_error = (int32_t)-ret;
    set_state(slot, STATE_CLONED);
}

// Kills and reaps the child that the last request started, when its descriptors could not be handed over. Without
// pidfds its number serves: nobody has reaped it yet, unless a foreign waiter did. Only that waiter's ECHILD ends the
// attempts: a child that may not be signalled is reaped when it ends by itself.
static void serve_reap(struct s4j_slot *slot) {
    enum { ID_PID = 1, ID_PIDFD = 3, WAIT_NO_HANG = 1, WAIT_EXITED = 4, KILL = 9, TERM = 15 };
    int sig = slot->flags & FLAG_SUPERVISES ? TERM : KILL;
    struct k_siginfo info;
    long ret = -ECHILD;
    info.pid = 0;
    if (slot->kept_pidfd >= 0) {
        SYS(pidfd_send_signal, slot->kept_pidfd, sig, 0, 0);
        ret = SYS(waitid, ID_PIDFD, slot->kept_pidfd, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    } else if (slot->pid > 0) {
        SYS(kill, slot->pid, sig);
        ret = SYS(waitid, ID_PID, slot->pid, &info, WAIT_EXITED | WAIT_NO_HANG, 0);
    }
    if ((ret == 0 && info.pid == 0) || (ret < 0 && ret != -ECHILD))
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

void s4j_serve(struct s4j_spawner *spawner) {
    for (;;) {
        struct s4j_slot *list = __atomic_exchange_n(&spawner->queue, 0, __ATOMIC_SEQ_CST);
        if (!list) {
            if (__atomic_load_n(&spawner->leave, __ATOMIC_SEQ_CST))
                return;
            __atomic_store_n(&spawner->sleeping, 1, __ATOMIC_SEQ_CST);
            if (!__atomic_load_n(&spawner->queue, __ATOMIC_SEQ_CST) &&
                !__atomic_load_n(&spawner->leave, __ATOMIC_SEQ_CST))
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
