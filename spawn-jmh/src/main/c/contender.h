// SPDX-License-Identifier: Apache-2.0

#ifndef SPAWN4J_CONTENDER_H
#define SPAWN4J_CONTENDER_H

/*
 * What C itself needs for the same work: the yardsticks that the benchmarks call through jnr-ffi in their own JVM.
 *
 * Every function is safe to call from several threads at once and answers with -errno where a system call failed; then
 * it leaves nothing behind, neither a descriptor nor a process. The caller's own descriptors 0, 1 and 2 must be open.
 * No function has more than five arguments: jnr-ffi 2.3.4 breaks calls with six.
 */

/* How a child is started. */
enum {
    /* libc's posix_spawn. */
    CONTENDER_POSIX_SPAWN = 0,
    /* vfork, and the child's set-up by system calls of our own. */
    CONTENDER_VFORK = 1,
    /* The same after clone3 with CLONE_VM, CLONE_VFORK and CLONE_CLEAR_SIGHAND (Linux 5.5). */
    CONTENDER_CLONE3 = 2
};

/* A child: its pid, then the parent's ends of its three standard streams, or -1 for those that have none. */
enum { CONTENDER_PID = 0, CONTENDER_INPUT = 1, CONTENDER_OUTPUT = 2, CONTENDER_ERROR = 3, CONTENDER_CHILD = 4 };

/*
 * Starts argv[0], which is a path, with these arguments and the caller's environment.
 *
 * The child gets an empty signal mask and every disposition at its default. With `pipes` its three standard streams are
 * pipes made for it, without they are three freshly opened /dev/null: in both cases the same descriptors that
 * ProcessBuilder makes. Returns 0 when the child is past its exec.
 */
long contender_start(int how, char *const argv[], int pipes, int *child);

/* Waits for a child, closes what is left of it, and returns 0, or -EPROTO when it did not exit with code 0. */
long contender_finish(int *child);

/* contender_start and contender_finish. */
long contender_spawn(int how, char *const argv[], int pipes);

/* The same `count` times without going back to the caller; returns the nanoseconds that it took. */
long contender_spawn_loop(int how, char *const argv[], int pipes, long count);

/* Waits for a child and reaps it; returns its exit code, or 128 plus the number of the signal that ended it. */
long contender_wait(int pid);

/* Sends SIGKILL to a child that nobody has reaped. */
long contender_kill(int pid);

/* read(2), again where a signal interrupted it. */
long contender_read(int fd, void *buffer, long size);

/*
 * Starts `stamp` with posix_spawn and pipes, waits for it, and stores the nanoseconds from its stamp, the last thing it
 * does, until waitid has returned to this thread.
 */
long contender_exit_latency(char *const argv[], long *nanos);

/*
 * What this process (children = 0) or the children it has reaped have used so far: out[0] nanoseconds of user and
 * system time, out[1] voluntary and out[2] involuntary context switches.
 */
long contender_usage(int children, long *out);

/* Opens /dev/null with O_CLOEXEC `count` times into `fds`. */
long contender_open_descriptors(int *fds, int count);

/* Closes those that are not negative. */
void contender_close_descriptors(const int *fds, int count);

#endif
