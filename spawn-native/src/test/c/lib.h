// SPDX-License-Identifier: Apache-2.0
// libspawn4j-test.so: what a badly behaved native library does inside a JVM, for tests. Every function returns a value
// or -errno. A start is -EALREADY while running and a stop returns a count; both may be called from any thread.
#ifndef LIB_H
#define LIB_H

#include <stdbool.h>

#define EXPORT __attribute__((visibility("default")))

// A thread that tests start and stop.
struct worker {
    void (*step)(struct worker *worker); // called over and over until stopped
    long argument;
    volatile bool stopping;
    volatile bool running;
    volatile long count;
    unsigned long handle;
};

int worker_start(struct worker *worker, const char *name);
// Joins it; the count, or -ESRCH when it does not run.
long worker_stop(struct worker *worker);

// A thread that calls waitpid(-1, WNOHANG) in a loop: it takes other people's exit statuses (F2).
EXPORT int test_reaper_start(void);
EXPORT long test_reaper_stop(void);
EXPORT long test_reaper_stolen(void);

// fork() without exec from a fresh native thread; the child holds copies of all descriptors for `seconds`. Its pid.
EXPORT int test_fork_and_hold(int seconds);
// fork() on the calling thread; the child exits at once with this code and waits for test_reap. Its pid.
EXPORT int test_fork_here(int code);
// 0 once pid has been reaped by this call, -EAGAIN while it runs, -ECHILD.
EXPORT int test_reap(int pid);
// A thread that opens files without O_CLOEXEC, forks and execs /bin/true meanwhile, and closes them (F6).
EXPORT int test_leaky_start(void);
EXPORT long test_leaky_stop(void);

// SIGUSR2-like storms: RTMIN+7, whose empty handler has no SA_RESTART, to every thread with this name (F16).
EXPORT int test_storm_start(const char *thread_name, int microseconds);
EXPORT long test_storm_count(void);
EXPORT long test_storm_stop(void);
EXPORT int test_thread_id(const char *thread_name);

// Threads in malloc, free and dlopen for ever: locks held at every moment (S2).
EXPORT int test_thrash_start(int threads);
EXPORT long test_thrash_stop(void);

EXPORT int test_open_descriptors(void);
EXPORT int test_descriptor_flags(int fd); // FD_CLOEXEC or 0
EXPORT int test_set_cloexec(int fd, int on);
EXPORT int test_open(const char *path, int flags);
EXPORT int test_dup_above(int fd, int lowest);
EXPORT int test_close(int fd);
EXPORT int test_pipe(int ends[2]);  // blocking, without O_CLOEXEC
EXPORT long test_pipe_fill(int fd); // bytes written until it was full
EXPORT long test_read(int fd, void *buffer, long size);
EXPORT int test_raise_nofile(long soft); // the hard limit too where privileged; the old soft limit
EXPORT int test_is_same_file(int fd, int other);

EXPORT int test_sigaction(int signal_number, int ignored); // 1 SIG_IGN, 0 SIG_DFL; the old one as test_disposition
EXPORT int test_disposition(int signal_number);            // 0 default, 1 ignored, 2 a handler
EXPORT int test_block_this_thread(int signal_number, int blocked);
EXPORT int test_kill(int pid, int signal_number);
EXPORT int test_thread_here(void);
EXPORT long test_prlimit(int pid, int resource, long soft, long hard); // the old soft limit
EXPORT long test_limit(int resource, int hard);
EXPORT int test_umask(int mask);         // the old one
EXPORT int test_nice(int pid_or_thread); // 20 - nice, 1..40, so that it cannot be taken for an errno
EXPORT int test_set_nice(int thread, int value);
EXPORT int test_allow_ptrace(void); // for freeze and inject where Yama wants it
EXPORT int test_subreaper(int on);
EXPORT int test_is_subreaper(void);
EXPORT int test_pidfd_open(int pid);
EXPORT int test_can_mount(void); // 1, or 0 where mount(2) is refused for lack of privilege or by a filter

// Words as seccomp-run takes them (`clone3=ENOSYS profile:container`), for this thread and what it creates from now on.
EXPORT int test_seccomp_this_thread(const char *words);

#endif
