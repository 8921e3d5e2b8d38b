// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.ByteBuffer;

/** The {@link Kernel} through the host's libc, for hosts where the C core cannot be loaded. */
public final class LibcKernel implements Kernel {
    private static final int O_CLOEXEC = 02000000;
    private static final int O_NONBLOCK = 04000;
    private static final int F_GETFD = 1;
    private static final int F_SETFL = 4;
    private static final long FIONREAD = 0x541B;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_DEL = 2;
    private static final int EPOLL_MOD = 3;
    private static final int SIGCHLD = 17;
    private static final int PR_GET_CHILD_SUBREAPER = 37;

    /** Same number on every architecture. */
    private static final long NR_PIDFD_SEND_SIGNAL = 424;

    private static final long NR_PIDFD_OPEN = 434;

    /** struct epoll_event is packed on x86-64 alone. */
    private static final boolean PACKED = Binaries.machine().equals("x86_64");

    private static final int EPOLL_EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EPOLL_DATA = PACKED ? 4 : 8;

    /** struct pollfd: the descriptor, then the events that are waited for and those that were found. */
    private static final int POLLFD_BYTES = 8;

    private static final int POLL_WANTED = 4;
    private static final int POLL_FOUND = 6;

    /** The largest is 64 events. */
    private static final int SCRATCH_BYTES = 2048;

    private final CFunction close;
    private final CFunction read;
    private final CFunction write;
    private final CFunction open;
    private final CFunction fcntl;
    private final CFunction ioctl;
    private final CFunction poll;
    private final CFunction epollCreate1;
    private final CFunction epollCtl;
    private final CFunction epollWait;
    private final CFunction eventfd;
    private final CFunction kill;
    private final CFunction sigaction;
    private final CFunction prctl;
    private final CFunction syscall;
    private final BufferPool scratch = new BufferPool(SCRATCH_BYTES);
    private final LibcReaping reaping;

    public LibcKernel(CLibrary libc) throws StartFailure {
        close = libc.function("close");
        read = libc.function("read");
        write = libc.function("write");
        open = libc.function("open");
        fcntl = libc.function("fcntl");
        ioctl = libc.function("ioctl");
        poll = libc.function("poll");
        epollCreate1 = libc.function("epoll_create1");
        epollCtl = libc.function("epoll_ctl");
        epollWait = libc.function("epoll_wait");
        eventfd = libc.function("eventfd");
        kill = libc.function("kill");
        sigaction = libc.function("sigaction");
        prctl = libc.function("prctl");
        syscall = libc.function("syscall");
        reaping = new LibcReaping(libc, scratch);
    }

    /** Whether children can be waited for through pidfds here, by their usage too. */
    public boolean canReapPidfds() {
        return reaping.canReapPidfds();
    }

    @Override
    public long pidfdOpen(int pid) {
        return syscall.orErrno(NR_PIDFD_OPEN, pid, 0);
    }

    @Override
    public long close(int fd) {
        return close.intOrErrno(fd);
    }

    @Override
    public long read(int fd, long address, long bytes) {
        return read.orErrno(fd, address, bytes);
    }

    @Override
    public long write(int fd, long address, long bytes) {
        return write.orErrno(fd, address, bytes);
    }

    @Override
    public long open(long path, int flags, int mode) {
        return open.intOrErrno(path, flags | O_CLOEXEC, mode);
    }

    @Override
    public long isOpen(int fd) {
        return fcntl.intOrErrno(fd, F_GETFD, 0) >= 0 ? 1 : 0;
    }

    @Override
    public long setBlocking(int fd) {
        return fcntl.intOrErrno(fd, F_SETFL, 0);
    }

    public long setNonBlocking(int fd) {
        return fcntl.intOrErrno(fd, F_SETFL, O_NONBLOCK);
    }

    @Override
    public long available(int fd) {
        NativeMemory memory = scratch.take();
        try {
            long result = ioctl.intOrErrno(fd, FIONREAD, memory.address);
            return result < 0 ? result : memory.bytes.getInt(0);
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long poll(int fd, int events, int millis) {
        NativeMemory memory = scratch.take();
        try {
            putPoll(memory, 0, fd, events);
            long result = poll.intOrErrno(memory.address, 1, millis);
            return result <= 0 ? result : memory.bytes.getShort(POLL_FOUND);
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long pollUnlessWoken(int fd, int eventfd, int millis) {
        NativeMemory memory = scratch.take();
        try {
            putPoll(memory, 0, fd, READABLE);
            putPoll(memory, POLLFD_BYTES, eventfd, READABLE);
            long result = poll.intOrErrno(memory.address, 2, millis);
            return result < 0 ? result : memory.bytes.getShort(POLL_FOUND) != 0 ? 1 : 0;
        } finally {
            scratch.giveBack(memory);
        }
    }

    private static void putPoll(NativeMemory memory, int at, int fd, int events) {
        memory.bytes.putInt(at, fd).putShort(at + POLL_WANTED, (short) events).putShort(at + POLL_FOUND, (short) 0);
    }

    @Override
    public long epollCreate() {
        return epollCreate1.intOrErrno(O_CLOEXEC);
    }

    private long epollControl(int epoll, int operation, int fd, int events, long token) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(0, events).putLong(EPOLL_DATA, token);
            return epollCtl.intOrErrno(epoll, operation, fd, memory.address);
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long epollArm(int epoll, int fd, int events, long token) {
        long result = epollControl(epoll, EPOLL_MOD, fd, events, token);
        return result == -Errno.ENOENT ? epollAdd(epoll, fd, events, token) : result;
    }

    @Override
    public long epollAdd(int epoll, int fd, int events, long token) {
        return epollControl(epoll, EPOLL_ADD, fd, events, token);
    }

    @Override
    public long epollRemove(int epoll, int fd) {
        return epollControl(epoll, EPOLL_DEL, fd, 0, 0);
    }

    @Override
    public long epollWait(int epoll, long address, int capacity, int millis) {
        NativeMemory memory = scratch.take();
        try {
            long got = epollWait.intOrErrno(epoll, memory.address, capacity, millis);
            ByteBuffer out = NativeMemory.at(address, capacity * EVENT_BYTES);
            for (int i = 0; i < got; i++) {
                out.putLong(i * EVENT_BYTES, memory.bytes.getLong(i * EPOLL_EVENT_BYTES + EPOLL_DATA));
                out.putInt(i * EVENT_BYTES + Long.BYTES, memory.bytes.getInt(i * EPOLL_EVENT_BYTES));
            }
            return got;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long eventfd() {
        return eventfd.intOrErrno(0, O_CLOEXEC | O_NONBLOCK);
    }

    @Override
    public long wake(int eventfd) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putLong(0, 1);
            return write.orErrno(eventfd, memory.address, Long.BYTES);
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long reap(int pidfd, long exitRecord) {
        return reaping.reap(pidfd, exitRecord);
    }

    @Override
    public long awaitPid(int pid) {
        return reaping.awaitPid(pid);
    }

    @Override
    public long reapPid(int pid, long exitRecord) {
        return reaping.reapPid(pid, exitRecord);
    }

    @Override
    public long peekPid(int pid) {
        return reaping.peekPid(pid);
    }

    @Override
    public long statusAfterReap(int pidfd) {
        return reaping.statusAfterReap(pidfd);
    }

    @Override
    public long isSubreaper() {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(0, 0);
            long result = prctl.intOrErrno(PR_GET_CHILD_SUBREAPER, memory.address, 0, 0, 0);
            return result < 0 ? result : memory.bytes.getInt(0) == 0 ? 0 : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long pidfdSignal(int pidfd, int signal) {
        return syscall.orErrno(NR_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    @Override
    public long kill(int pid, int signal) {
        return kill.intOrErrno(pid, signal);
    }

    @Override
    public long restoreSigchld() {
        long sigIgnore = 1;
        NativeMemory memory = scratch.take();
        try {
            // The handler comes first in every libc's struct sigaction on the architectures that can reap pidfds.
            memory.clear(256);
            long result = sigaction.intOrErrno(SIGCHLD, 0, memory.address);
            if (result < 0 || memory.bytes.getLong(0) != sigIgnore) {
                return Math.min(result, 0);
            }
            memory.bytes.putLong(0, 0);
            result = sigaction.intOrErrno(SIGCHLD, memory.address, 0);
            return result < 0 ? result : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }
}
