// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.ref.Reference;

/**
 * The system calls that Java code makes on its own behalf. Each returns a value, or {@code -errno}.
 *
 * <p>Addresses are those of memory that the caller keeps reachable during the call.
 */
public interface Kernel {
    /** Bits of poll(2) and epoll(7), the same numbers in both. */
    int READABLE = 1;

    int WRITABLE = 4;
    int HANGUP = 0x10;
    int ONE_SHOT = 1 << 30;

    /** open(2). */
    int READ_ONLY = 0;

    int WRITE_ONLY = 1;
    int CREATE = 0100;
    int TRUNCATE = 01000;
    int APPEND = 02000;

    /** {@code struct s4j_event}: token (8 bytes), events (4 bytes), unused. */
    int EVENT_BYTES = 16;

    // No constant: this interface is initialised on whichever thread uses it first, and that one may not read the
    // property.
    /** O_DIRECTORY, which has two numbers: asm/fcntl.h of the architecture, or asm-generic's. */
    static int directoryFlag() {
        return Binaries.machine().matches("aarch64|arm.*|ppc.*") ? 040000 : 0200000;
    }

    long close(int fd);

    long read(int fd, long address, long bytes);

    long write(int fd, long address, long bytes);

    /** Opens with O_CLOEXEC; {@code path} points to a NUL-terminated string. */
    long open(long path, int flags, int mode);

    /** As {@link #open}, again after a signal that interrupted it. */
    static long openUninterrupted(Kernel kernel, NativeMemory path, int flags, int mode) {
        long fd;
        try {
            do {
                fd = kernel.open(path.address, flags, mode);
            } while (fd == -Errno.EINTR);
        } finally {
            Reference.reachabilityFence(path);
        }
        return fd;
    }

    /** Whether the number is an open descriptor: 1 or 0. */
    long isOpen(int fd);

    long setBlocking(int fd);

    long available(int fd);

    /** Events that are there, 0 after {@code millis} without any. */
    long poll(int fd, int events, int millis);

    /** Waits until one of both is readable, or {@code millis} have passed. 1: {@code fd} is. 0: it is not. */
    long pollUnlessWoken(int fd, int eventfd, int millis);

    long epollCreate();

    /** Adds a descriptor, or changes its events and token if it is there. */
    long epollArm(int epoll, int fd, int events, long token);

    long epollAdd(int epoll, int fd, int events, long token);

    long epollRemove(int epoll, int fd);

    /** Writes at most {@code capacity} records of {@link #EVENT_BYTES}; {@code millis} -1 waits for ever. */
    long epollWait(int epoll, long address, int capacity, int millis);

    long eventfd();

    /** Makes an eventfd readable. */
    long wake(int eventfd);

    /** 1: reaped, the {@link ExitRecord} written. 0: not yet. -ECHILD: somebody else took the status. */
    long reap(int pidfd, long exitRecord);

    /** Blocks until the child is dead, and leaves it a zombie. */
    long awaitPid(int pid);

    long reapPid(int pid, long exitRecord);

    /**
     * 1: a child of this process that can be reaped now, and stays so. 0: not yet. -ECHILD: no child of this process.
     */
    long peekPid(int pid);

    /** A pidfd of whatever process has this number now. */
    long pidfdOpen(int pid);

    /** 1 if orphans below this process become its children, 0 if not. */
    long isSubreaper();

    /** The wait status of a child that somebody else has reaped (Linux 6.15), or -EAGAIN while there is none. */
    long statusAfterReap(int pidfd);

    long pidfdSignal(int pidfd, int signal);

    long kill(int pid, int signal);

    /** 1: SIGCHLD was ignored in this process, and is back to its default. 0: it was not. */
    long restoreSigchld();
}
