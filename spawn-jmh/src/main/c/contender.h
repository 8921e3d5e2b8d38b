// SPDX-License-Identifier: Apache-2.0

#ifndef SPAWN4J_CONTENDER_H
#define SPAWN4J_CONTENDER_H

/*
 * What C itself needs for the same work: the yardstick that the benchmarks call through jnr-ffi in their own JVM.
 *
 * Every function is safe to call from several threads at once, keeps nothing open when it returns, and answers with
 * -errno where a system call failed.
 */

/*
 * Starts `path` with libc's posix_spawn, no arguments and the caller's environment, and waits for it.
 *
 * The child gets an empty signal mask and every disposition at its default. With `pipes` its three standard streams are
 * pipes made for it, without they are three freshly opened /dev/null: in both cases the same descriptors that
 * ProcessBuilder makes. Returns 0, or -EPROTO when the child did not exit with code 0.
 */
long contender_posix_spawn(const char *path, int pipes);

/* The same `count` times without going back to the caller; returns the nanoseconds that it took. */
long contender_posix_spawn_loop(const char *path, int pipes, long count);

/* User and system time so far, in nanoseconds, of this process (children = 0) or of the children it has reaped. */
long contender_cpu_nanos(int children);

/* Opens /dev/null with O_CLOEXEC `count` times into `fds`; on failure nothing stays open. */
long contender_open_descriptors(int *fds, int count);

void contender_close_descriptors(const int *fds, int count);

#endif
