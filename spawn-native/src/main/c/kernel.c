// SPDX-License-Identifier: Apache-2.0
//
// System calls that Java makes on its own behalf, each returning a value or -errno. They run on JVM threads.
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>

#include "abi.h"
#include "sys.h"

enum { ID_PID = 1, ID_PIDFD = 3, WAIT_NO_HANG = 1, WAIT_EXITED = 4, WAIT_KEEP = 0x01000000 };

S4J_EXPORT long s4j_close(int fd) {
    return SYS(close, fd);
}

S4J_EXPORT long s4j_read(int fd, long address, long bytes) {
    return SYS(read, fd, address, bytes);
}

// -EPIPE without a reader; the SIGPIPE that comes with it is caught by HotSpot.
S4J_EXPORT long s4j_write(int fd, long address, long bytes) {
    return SYS(write, fd, address, bytes);
}

S4J_EXPORT long s4j_open(long path, int flags, int mode) {
    return SYS(openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

// 1 if open, 0 if not.
S4J_EXPORT long s4j_is_open(int fd) {
    return SYS(fcntl, fd, F_GETFD) >= 0;
}

S4J_EXPORT long s4j_set_blocking(int fd) {
    return SYS(fcntl, fd, F_SETFL, 0);
}

// Returns the events that are there, 0 after `millis` without any.
S4J_EXPORT long s4j_poll(int fd, int events, int millis) {
    struct pollfd one = {fd, (short)events, 0};
    int64_t time[2] = {millis / 1000, millis % 1000 * 1000000L};
    long ret = SYS(ppoll, &one, 1, millis < 0 ? 0 : time, 0, 0);
    return ret <= 0 ? ret : one.revents;
}

// Waits until one of both is readable, or `millis` have passed. 1: `fd` is. 0: it is not.
S4J_EXPORT long s4j_poll_unless_woken(int fd, int eventfd, int millis) {
    struct pollfd both[2] = {{fd, POLLIN, 0}, {eventfd, POLLIN, 0}};
    int64_t time[2] = {millis / 1000, millis % 1000 * 1000000L};
    long ret = SYS(ppoll, both, 2, millis < 0 ? 0 : time, 0, 0);
    return ret < 0 ? ret : both[0].revents != 0;
}

// Bytes that a read would find.
S4J_EXPORT long s4j_available(int fd) {
    const unsigned long fionread = 0x541B;
    int bytes = 0;
    long ret = SYS(ioctl, fd, fionread, &bytes);
    return ret < 0 ? ret : bytes;
}

S4J_EXPORT long s4j_epoll_create(void) {
    return SYS(epoll_create1, O_CLOEXEC);
}

static long epoll_set(int epoll, int operation, int fd, int events, long token) {
    struct epoll_event event;
    event.events = (uint32_t)events;
    event.data.u64 = (uint64_t)token;
    return SYS(epoll_ctl, epoll, operation, fd, &event);
}

// Adds a descriptor, or changes one that is already in the set.
S4J_EXPORT long s4j_epoll_arm(int epoll, int fd, int events, long token) {
    long ret = epoll_set(epoll, EPOLL_CTL_MOD, fd, events, token);
    return ret == -ENOENT ? epoll_set(epoll, EPOLL_CTL_ADD, fd, events, token) : ret;
}

S4J_EXPORT long s4j_epoll_add(int epoll, int fd, int events, long token) {
    return epoll_set(epoll, EPOLL_CTL_ADD, fd, events, token);
}

S4J_EXPORT long s4j_epoll_remove(int epoll, int fd) {
    return epoll_set(epoll, EPOLL_CTL_DEL, fd, 0, 0);
}

S4J_EXPORT long s4j_epoll_wait(int epoll, long address, int capacity, int millis) {
    struct epoll_event events[64];
    struct s4j_event *out = (struct s4j_event *)address;
    long got = SYS(epoll_pwait, epoll, events, capacity < 64 ? capacity : 64, millis, 0, 0);
    for (long i = 0; i < got; i++) {
        out[i].token = events[i].data.u64;
        out[i].events = events[i].events;
    }
    return got;
}

// With s4j_eventfd: makes it readable.
S4J_EXPORT long s4j_wake(int eventfd) {
    uint64_t one = 1;
    return SYS(write, eventfd, &one, sizeof one);
}

S4J_EXPORT long s4j_eventfd(void) {
    return SYS(eventfd2, 0, O_CLOEXEC | O_NONBLOCK);
}

static int64_t micros(const int64_t time[2]) {
    return time[0] * 1000000 + time[1];
}

// struct rusage as the kernel writes it: two timevals, then fourteen longs.
struct k_rusage {
    int64_t user[2], system[2];
    int64_t max_rss, shared, data, stack, minor, major, swaps, in, out, sent, received, signals, voluntary, involuntary;
};

static long reap(int type, int id, struct s4j_exit *out) {
    struct k_siginfo info;
    struct k_rusage usage;
    info.pid = 0;
    long ret = SYS(waitid, type, id, &info, WAIT_EXITED | WAIT_NO_HANG, &usage);
    if (ret < 0)
        return ret;
    if (info.pid == 0)
        return 0;
    out->code = info.code;
    out->status = info.status;
    out->user_micros = micros(usage.user);
    out->system_micros = micros(usage.system);
    out->max_rss_kib = usage.max_rss;
    out->minor_faults = usage.minor;
    out->major_faults = usage.major;
    out->blocks_in = usage.in;
    out->blocks_out = usage.out;
    out->voluntary = usage.voluntary;
    out->involuntary = usage.involuntary;
    return 1;
}

// 1: reaped, *out filled. 0: not yet (alive, a zombie leader with live threads, or traced). -ECHILD: somebody else took
// it.
S4J_EXPORT long s4j_reap(int pidfd, long out) {
    return reap(ID_PIDFD, pidfd, (struct s4j_exit *)out);
}

// Blocks until the child is dead and leaves it a zombie, for hosts without pidfds. -ECHILD: somebody else took it.
S4J_EXPORT long s4j_await_pid(int pid) {
    struct k_siginfo info;
    long ret;
    do {
        ret = SYS(waitid, ID_PID, pid, &info, WAIT_EXITED | WAIT_KEEP, 0);
    } while (ret == -EINTR);
    return ret;
}

// As s4j_reap. Only while nobody else can have reaped the pid: the number may be a stranger's afterwards.
S4J_EXPORT long s4j_reap_pid(int pid, long out) {
    return reap(ID_PID, pid, (struct s4j_exit *)out);
}

// 1: a child of this process that could be reaped now, left as it is. 0: not yet. -ECHILD: no child of this process.
S4J_EXPORT long s4j_peek_pid(int pid) {
    struct k_siginfo info;
    info.pid = 0;
    long ret = SYS(waitid, ID_PID, pid, &info, WAIT_EXITED | WAIT_NO_HANG | WAIT_KEEP, 0);
    return ret < 0 ? ret : info.pid != 0;
}

// A pidfd, close-on-exec as all are, of whatever process has the number now.
S4J_EXPORT long s4j_pidfd_open(int pid) {
    return SYS(pidfd_open, pid, 0);
}

struct k_pidfd_info {
    uint64_t mask, cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
_Static_assert(sizeof(struct k_pidfd_info) == 64, "PIDFD_INFO_SIZE_VER0");

// The wait status of a child that somebody else has reaped, from Linux 6.15 on (PIDFD_INFO_EXIT). Returns it (>= 0),
// -EAGAIN while the kernel has none yet, or -errno where it does not know the question.
S4J_EXPORT long s4j_status_after_reap(int pidfd) {
    enum { INFO_EXIT = 8 };
    const unsigned long get_info =
        3UL << 30 | sizeof(struct k_pidfd_info) << 16 | 0xFF << 8 | 11; // _IOWR(0xFF, 11, ...)
    struct k_pidfd_info info = {.mask = INFO_EXIT};
    long ret = SYS(ioctl, pidfd, get_info, &info);
    if (ret < 0)
        return ret;
    return info.mask & INFO_EXIT ? info.exit_code : -EAGAIN;
}

S4J_EXPORT long s4j_pidfd_signal(int pidfd, int sig) {
    return SYS(pidfd_send_signal, pidfd, sig, 0, 0);
}

S4J_EXPORT long s4j_kill(int pid, int sig) {
    return SYS(kill, pid, sig);
}

S4J_EXPORT long s4j_seccomp_mode(void) {
    return SYS(prctl, PR_GET_SECCOMP, 0, 0, 0, 0);
}

// 1: orphans below this process become its children, if no subreaper is nearer to them. 0: they do not.
S4J_EXPORT long s4j_is_subreaper(void) {
    int on = 0;
    long ret = SYS(prctl, PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0);
    return ret < 0 ? ret : on != 0;
}

// Whether dead children of this process would be reaped by the kernel itself: 1 and back to the default, or 0.
S4J_EXPORT long s4j_restore_sigchld(void) {
    struct k_sigaction action;
    const unsigned long no_child_wait = 2; // SA_NOCLDWAIT
    long ret = SYS(rt_sigaction, 17, 0, &action, K_SIGSET_BYTES);
    if (ret < 0)
        return ret;
    if (action.handler != K_SIG_IGN && !(action.flags & no_child_wait))
        return 0;
    if (action.handler == K_SIG_IGN)
        action.handler = K_SIG_DFL;
    action.flags &= ~no_child_wait;
    ret = SYS(rt_sigaction, 17, &action, 0, K_SIGSET_BYTES);
    return ret < 0 ? ret : 1;
}
