// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.ByteOrder;
import java.util.Map;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

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
    private static final int P_PID = 1;
    private static final long P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int SIGCHLD = 17;
    private static final int PR_GET_CHILD_SUBREAPER = 37;

    /** Same number on every architecture. */
    private static final long NR_PIDFD_SEND_SIGNAL = 424;

    private static final long NR_PIDFD_OPEN = 434;

    /** waitid as a raw call, which unlike libc's tells the resource usage, has a number per architecture. */
    private static final Map<String, Long> NR_WAITID =
            Map.of("amd64", 247L, "aarch64", 95L, "riscv64", 95L, "loongarch64", 95L, "ppc64le", 272L, "s390x", 281L);

    private static final String ARCHITECTURE = System.getProperty("os.arch");

    /** struct epoll_event is packed on x86-64 alone. */
    private static final boolean PACKED = ARCHITECTURE.equals("amd64");

    private static final int EPOLL_EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EPOLL_DATA = PACKED ? 4 : 8;

    /** struct pollfd: the descriptor, then the events that are waited for and those that were found. */
    private static final int POLLFD_BYTES = 8;

    private static final int POLL_WANTED = 4;
    private static final int POLL_FOUND = 6;

    /** siginfo_t of a 64-bit kernel. */
    private static final int SIGINFO_BYTES = 128;

    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    /** The largest is 64 events. */
    private static final int SCRATCH_BYTES = 2048;

    private final Libc libc;
    private final BufferPool scratch = new BufferPool(SCRATCH_BYTES);

    public LibcKernel(Libc libc) {
        this.libc = libc;
    }

    private static long result(long value) {
        return value < 0 ? -Libc.errno() : value;
    }

    /** Whether children can be waited for through pidfds here, by their usage too. */
    public boolean canReapPidfds() {
        return NR_WAITID.containsKey(ARCHITECTURE);
    }

    @Override
    public long pidfdOpen(int pid) {
        return result(libc.syscall(NR_PIDFD_OPEN, pid, 0, 0, 0, null));
    }

    @Override
    public long close(int fd) {
        return result(libc.close(fd));
    }

    @Override
    public long read(int fd, long address, long bytes) {
        return result(libc.read(fd, address, bytes));
    }

    @Override
    public long write(int fd, long address, long bytes) {
        return result(libc.write(fd, address, bytes));
    }

    @Override
    public long open(long path, int flags, int mode) {
        return result(libc.open(path, flags | O_CLOEXEC, mode));
    }

    @Override
    public long isOpen(int fd) {
        return libc.fcntl(fd, F_GETFD, 0) >= 0 ? 1 : 0;
    }

    @Override
    public long setBlocking(int fd) {
        return result(libc.fcntl(fd, F_SETFL, 0));
    }

    public long setNonBlocking(int fd) {
        return result(libc.fcntl(fd, F_SETFL, O_NONBLOCK));
    }

    @Override
    public long available(int fd) {
        NativeMemory memory = scratch.take();
        try {
            long result = result(libc.ioctl(fd, FIONREAD, memory.address));
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
            long result = result(libc.poll(memory.address, 1, millis));
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
            long result = result(libc.poll(memory.address, 2, millis));
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
        return result(libc.epollCreate1(O_CLOEXEC));
    }

    private long epollControl(int epoll, int operation, int fd, int events, long token) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(0, events).putLong(EPOLL_DATA, token);
            return result(libc.epollCtl(epoll, operation, fd, memory.address));
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
            long got = result(libc.epollWait(epoll, memory.address, capacity, millis));
            Pointer out =
                    Runtime.getSystemRuntime().getMemoryManager().newPointer(address, (long) capacity * EVENT_BYTES);
            for (int i = 0; i < got; i++) {
                out.putLong((long) i * EVENT_BYTES, memory.bytes.getLong(i * EPOLL_EVENT_BYTES + EPOLL_DATA));
                out.putInt((long) i * EVENT_BYTES + Long.BYTES, memory.bytes.getInt(i * EPOLL_EVENT_BYTES));
            }
            return got;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long eventfd() {
        return result(libc.eventfd(0, O_CLOEXEC | O_NONBLOCK));
    }

    @Override
    public long wake(int eventfd) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putLong(0, 1);
            return result(libc.write(eventfd, memory.address, Long.BYTES));
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long reap(int pidfd, long exitRecord) {
        return reap(P_PIDFD, pidfd, exitRecord);
    }

    @Override
    public long awaitPid(int pid) {
        NativeMemory memory = scratch.take();
        try {
            long result;
            do {
                result = result(libc.waitid(P_PID, pid, memory.address, WEXITED | WNOWAIT));
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long reapPid(int pid, long exitRecord) {
        return reap(P_PID, pid, exitRecord);
    }

    @Override
    public long peekPid(int pid) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(SI_PID, 0);
            long result = result(libc.waitid(P_PID, pid, memory.address, WEXITED | WNOHANG | WNOWAIT));
            return result < 0 ? result : memory.bytes.getInt(SI_PID) == 0 ? 0 : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long isSubreaper() {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(0, 0);
            long result = result(libc.prctl(PR_GET_CHILD_SUBREAPER, memory.address, 0, 0, 0));
            return result < 0 ? result : memory.bytes.getInt(0) == 0 ? 0 : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }

    private long reap(long type, int id, long exitRecord) {
        Long number = NR_WAITID.get(ARCHITECTURE);
        NativeMemory memory = scratch.take();
        try {
            // Zeros where an architecture without a known number leaves the usage untold.
            for (int i = 0; i < 2 * SIGINFO_BYTES + Long.BYTES; i += Long.BYTES) {
                memory.bytes.putLong(i, 0);
            }
            Pointer usage = Runtime.getSystemRuntime()
                    .getMemoryManager()
                    .newPointer(memory.address + SIGINFO_BYTES, 2 * SIGINFO_BYTES);
            long result = result(
                    number == null
                            ? libc.waitid((int) type, id, memory.address, WEXITED | WNOHANG)
                            : libc.syscall(number, type, id, memory.address, WEXITED | WNOHANG, usage));
            if (result < 0) {
                return result;
            }
            if (memory.bytes.getInt(SI_PID) == 0) {
                return 0;
            }
            Pointer out = Runtime.getSystemRuntime().getMemoryManager().newPointer(exitRecord, ExitRecord.BYTES);
            out.putInt(ExitRecord.CODE, memory.bytes.getInt(SI_CODE));
            out.putInt(ExitRecord.STATUS, memory.bytes.getInt(SI_STATUS));
            copyUsage(memory, out);
            return 1;
        } finally {
            scratch.giveBack(memory);
        }
    }

    // struct rusage: two timevals, then maxrss, three sizes, minflt, majflt, nswap, inblock, oublock, three
    // counts, nvcsw, nivcsw, each a long.
    private static void copyUsage(NativeMemory memory, Pointer out) {
        int usage = SIGINFO_BYTES;
        out.putLong(ExitRecord.USER_MICROS, micros(memory, usage));
        out.putLong(ExitRecord.SYSTEM_MICROS, micros(memory, usage + 16));
        int[] words = {4, 8, 9, 11, 12, 16, 17};
        for (int i = 0; i < words.length; i++) {
            out.putLong(
                    ExitRecord.MAX_RSS_KIB + (long) i * Long.BYTES,
                    memory.bytes.getLong(usage + words[i] * Long.BYTES));
        }
    }

    private static long micros(NativeMemory memory, int at) {
        return memory.bytes.getLong(at) * 1_000_000 + memory.bytes.getLong(at + Long.BYTES);
    }

    @Override
    public long statusAfterReap(int pidfd) {
        long getInfo = 0xC040FF0BL; // PIDFD_GET_INFO: _IOWR(0xFF, 11, 64 bytes)
        long infoExit = 8;
        int exitCodeAt = 60;
        NativeMemory memory = scratch.take();
        try {
            for (int i = 0; i < 64; i += Long.BYTES) {
                memory.bytes.putLong(i, 0);
            }
            memory.bytes.putLong(0, infoExit);
            long result = result(libc.ioctl(pidfd, getInfo, memory.address));
            if (result < 0) {
                return result;
            }
            return (memory.bytes.getLong(0) & infoExit) != 0 ? memory.bytes.getInt(exitCodeAt) : -Errno.EAGAIN;
        } finally {
            scratch.giveBack(memory);
        }
    }

    @Override
    public long pidfdSignal(int pidfd, int signal) {
        return result(libc.syscall(NR_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, null));
    }

    @Override
    public long kill(int pid, int signal) {
        return result(libc.kill(pid, signal));
    }

    @Override
    public long restoreSigchld() {
        long sigIgnore = 1;
        NativeMemory memory = scratch.take();
        try {
            // The handler comes first in every libc's struct sigaction on the architectures of NR_WAITID.
            for (int i = 0; i < 256; i += Long.BYTES) {
                memory.bytes.putLong(i, 0);
            }
            long result = result(libc.sigaction(SIGCHLD, 0, memory.address));
            if (result < 0 || memory.bytes.order(ByteOrder.nativeOrder()).getLong(0) != sigIgnore) {
                return Math.min(result, 0);
            }
            memory.bytes.putLong(0, 0);
            result = result(libc.sigaction(SIGCHLD, memory.address, 0));
            return result < 0 ? result : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }
}
