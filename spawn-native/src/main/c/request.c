// SPDX-License-Identifier: Apache-2.0
//
// The caller's side: slots, and the way of one request from a Java thread to the spawner and back. Runs on any JVM
// thread.
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "descriptors.h"
#include "futex.h"
#include "spawner.h"
#include "sys.h"

S4J_EXPORT long s4j_map(long bytes) {
    return SYS(mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

S4J_EXPORT long s4j_unmap(long address, long bytes) {
    return SYS(munmap, address, bytes);
}

static void enqueue(struct s4j_slot *slot) {
    struct s4j_spawner *spawner = slot->spawner;
    __atomic_store_n(&slot->state, STATE_QUEUED, __ATOMIC_RELEASE);
    struct s4j_slot *head = __atomic_load_n(&spawner->queue, __ATOMIC_RELAXED);
    do {
        slot->next = head;
    } while (!__atomic_compare_exchange_n(&spawner->queue, &head, slot, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (__atomic_exchange_n(&spawner->sleeping, 0, __ATOMIC_SEQ_CST))
        futex_wake(&spawner->sleeping, 1);
}

// A signal ends a wait like its time does: a storm of them must not keep a thread here.
static int ends_wait(long waited) {
    return waited == -ETIMEDOUT || waited == -EINTR;
}

// Sleeps at most about `nanos` until the spawner has answered; returns the state then.
static uint32_t await_state(struct s4j_slot *slot, long nanos) {
    uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
    while ((state & STATE_MASK) == STATE_QUEUED || (state & STATE_MASK) == STATE_TAKEN) {
        if (!(state & STATE_WATCHED)) {
            if (!__atomic_compare_exchange_n(&slot->state, &state, state | STATE_WATCHED, 0, __ATOMIC_ACQ_REL,
                                             __ATOMIC_ACQUIRE))
                continue;
            state |= STATE_WATCHED;
        }
        long ret = futex_wait(&slot->state, state, nanos);
        state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
        if (ends_wait(ret))
            break;
    }
    return state & STATE_MASK;
}

// ---- a slot's life ----

// Memory of a slot, low to high: [guard page | stack | struct s4j_slot].
enum { SLOT_BYTES = S4J_PAGE + S4J_STACK_BYTES + S4J_PAGE };
_Static_assert(sizeof(struct s4j_slot) <= S4J_PAGE, "one page holds the slot");

// Makes a slot and queues the message that gives the spawner its socket. The caller then waits with s4j_slot_await.
// One at a time per spawner: it takes a message for another slot to be one that was left over.
S4J_EXPORT long s4j_slot_new(long spawner_address) {
    struct s4j_spawner *spawner = (struct s4j_spawner *)spawner_address;
    int32_t pair[2] = {-1, -1};
    long base = s4j_map(SLOT_BYTES), ret;
    if (base < 0)
        return base;
    if ((ret = SYS(mprotect, base, S4J_PAGE, PROT_NONE)) < 0)
        goto fail;
    if ((ret = SYS(socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) < 0)
        goto fail;
    struct s4j_slot *slot = (struct s4j_slot *)(base + S4J_PAGE + S4J_STACK_BYTES);
    slot->spawner = spawner;
    slot->stack_low = (uint64_t)base + S4J_PAGE;
    slot->caller_socket = pair[0];
    slot->child_socket = pair[1];
    slot->spawner_socket = slot->kept_pidfd = -1;
    if ((ret = send_descriptors(spawner->control_jvm, (uint64_t)slot, &pair[1], 1)) < 0)
        goto fail;
    slot->operation = OP_ADOPT;
    enqueue(slot);
    return (long)slot;
fail:
    if (pair[0] >= 0) {
        SYS(close, pair[0]);
        SYS(close, pair[1]);
    }
    s4j_unmap(base, SLOT_BYTES);
    return ret;
}

// 0 when the spawner has done what was queued, -EINPROGRESS when not yet, -errno when it failed.
S4J_EXPORT long s4j_slot_await(long address, long nanos) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    switch (await_state(slot, nanos)) {
    case STATE_CLONED:
        return 0;
    case STATE_FAILED:
        return -slot->error;
    case STATE_DROPPED:
        return -ECANCELED;
    default:
        return -EINPROGRESS;
    }
}

// Asks the spawner to forget the slot; await it, then s4j_slot_free.
S4J_EXPORT void s4j_slot_release(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    slot->operation = OP_RELEASE;
    enqueue(slot);
}

// Only when neither the spawner nor a child uses it any more.
S4J_EXPORT void s4j_slot_free(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    SYS(close, slot->caller_socket);
    SYS(close, slot->child_socket);
    s4j_unmap((long)slot->stack_low - S4J_PAGE, SLOT_BYTES);
}

// ---- one spawn ----

// Closes files that no child received, on the thread that sent them and not on the spawner: closing one may block.
S4J_EXPORT void s4j_take_back_files(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    int32_t fds[S4J_MAX_FILES];
    uint64_t payload;
    for (;;) {
        long got = receive_descriptors(slot->child_socket, &payload, fds, S4J_MAX_FILES);
        if (got < 0 && got != -EMFILE)
            return;
        for (long i = 0; i < got; i++)
            SYS(close, fds[i]);
    }
}

static long collect(struct s4j_slot *slot) {
    int32_t fds[FD_COUNT];
    uint64_t sequence;
    for (int i = 0; i < FD_COUNT; i++)
        slot->descriptors[i] = -1;
    if (slot->reply_error)
        return -slot->reply_error;
    long got;
    while ((got = receive_descriptors(slot->caller_socket, &sequence, fds, FD_COUNT)) >= 0 &&
           sequence != slot->sequence) {
        // The reply to an earlier request, whose caller could not receive it.
        for (long i = 0; i < got; i++)
            SYS(close, fds[i]);
    }
    if (got < 0)
        return got;
    int at = 0;
    if (!(slot->spawner->avoid & AVOID_PIDFD) && at < got)
        slot->descriptors[FD_PIDFD] = fds[at++];
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (slot->channels & (1u << i) && at < got)
            slot->descriptors[FD_STDIN + i] = fds[at++];
    return at == got ? 0 : -EPROTO;
}

// Takes the answer of a request that the spawner has served. 0: the child is there and slot->descriptors are the
// caller's. A slot.error of the child itself is the caller's to look at once slot->busy is 0.
S4J_EXPORT long s4j_spawn_collect(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    return collect(slot);
}

// Waits at most about `nanos`, and again as long for the reply, until the child no longer uses the slot.
// 0: done, descriptors collected; slot->error tells whether the child got to its program.
// -EINPROGRESS: not yet; wait again, or s4j_spawn_collect after STATE_CLONED to own the child before it is done.
// Other -errno: no child (slot->stage says where), or with STAGE_REPLY a child that only OP_REAP reaches.
S4J_EXPORT long s4j_spawn_wait(long address, long nanos) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    while (__atomic_load_n(&slot->busy, __ATOMIC_ACQUIRE))
        if (ends_wait(futex_wait(&slot->busy, 1, nanos)))
            return -EINPROGRESS;
    uint32_t state = await_state(slot, nanos);
    long ret = 0;
    switch (state) {
    case STATE_CLONED:
        ret = collect(slot);
        if (ret < 0)
            slot->stage = STAGE_REPLY;
        break;
    case STATE_FAILED:
        ret = -slot->error;
        break;
    default:
        return -EINPROGRESS;
    }
    if (slot->file_count > 0 && (ret < 0 || slot->error || slot->stage == STAGE_DESCRIPTORS))
        s4j_take_back_files(address);
    return ret;
}

S4J_EXPORT long s4j_spawn(long address, long nanos) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    slot->sequence++;
    slot->stage = STAGE_DESCRIPTORS;
    slot->error = slot->reply_error = 0;
    slot->operation = OP_SPAWN;
    if (slot->file_count > 0) {
        long ret =
            send_descriptors(slot->caller_socket, slot->sequence, (const int32_t *)slot->files, slot->file_count);
        if (ret < 0)
            return ret;
    }
    __atomic_store_n(&slot->busy, 1, __ATOMIC_RELAXED);
    enqueue(slot);
    return s4j_spawn_wait(address, nanos);
}

// Takes a request back that the spawner has not touched. 0: it never will (the slot stays in its queue until it comes
// to it, state DROPPED then). -EBUSY: too late.
S4J_EXPORT long s4j_spawn_cancel(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
    while ((state & STATE_MASK) == STATE_QUEUED)
        if (__atomic_compare_exchange_n(&slot->state, &state, STATE_CANCELLED, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            __atomic_store_n(&slot->busy, 0, __ATOMIC_RELEASE);
            if (slot->file_count > 0)
                s4j_take_back_files(address);
            return 0;
        }
    return -EBUSY;
}

// After STAGE_REPLY: the spawner kills and reaps the child by the pidfd it kept. Await; -EAGAIN means ask again later.
S4J_EXPORT void s4j_slot_reap(long address) {
    struct s4j_slot *slot = (struct s4j_slot *)address;
    slot->operation = OP_REAP;
    enqueue(slot);
}
