// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/** A resource that Linux can limit per process, by the number that x86-64 and aarch64 give it. See getrlimit(2). */
public enum ResourceLimit {
    /** CPU time, in seconds; SIGXCPU at the soft limit, SIGKILL at the hard one. */
    CPU(0),
    /** Size of a file it writes, in bytes; SIGXFSZ, or EFBIG where that is ignored. */
    FSIZE(1),
    /** Data segment, heap and private mappings, in bytes. */
    DATA(2),
    /** Stack of the main thread, in bytes. A quarter of it bounds arguments and environment at exec (E2BIG). */
    STACK(3),
    /** Size of a core dump, in bytes; 0 for none. */
    CORE(4),
    /** Resident set, in bytes; Linux since 2.6 does not enforce it. */
    RSS(5),
    /** Processes and threads of the real user, all together; clone fails with EAGAIN. Root is not bound by it. */
    NPROC(6),
    /** One more than the highest descriptor number. */
    NOFILE(7),
    /** Memory locked into RAM, in bytes. */
    MEMLOCK(8),
    /** Address space, in bytes. */
    AS(9),
    /** File locks; Linux since 2.4.25 does not enforce it. */
    LOCKS(10),
    /** Signals queued for the real user. */
    SIGPENDING(11),
    /** POSIX message queues of the real user, in bytes. */
    MSGQUEUE(12),
    /** Ceiling of the nice value, as 20 minus nice: 1 to 40. */
    NICE(13),
    /** Ceiling of the real-time priority. */
    RTPRIO(14),
    /** CPU time of a real-time thread without a blocking system call, in microseconds. */
    RTTIME(15);

    /** A limit that is none: RLIM_INFINITY. */
    public static final long UNLIMITED = -1;

    private final int number;

    ResourceLimit(int number) {
        this.number = number;
    }

    /**
     * The kernel's number of this resource.
     *
     * @return 0 to 15
     */
    public int number() {
        return number;
    }
}
