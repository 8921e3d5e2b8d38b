// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.ByteBuffer;
import java.util.Map;

/** What {@link LibcKernel} does about children: waitid(2) in its forms, and what a pidfd knows after the end. */
final class LibcReaping {
    private static final int P_PID = 1;
    private static final long P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;

    /** waitid as a raw call, which unlike libc's tells the resource usage, has a number per architecture. */
    private static final Map<String, Long> NR_WAITID =
            Map.of("x86_64", 247L, "aarch64", 95L, "riscv64", 95L, "loongarch64", 95L, "ppc64le", 272L, "s390x", 281L);

    private static final String ARCHITECTURE = Binaries.machine();

    /** siginfo_t of a 64-bit kernel. */
    private static final int SIGINFO_BYTES = 128;

    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    private final CFunction waitid;
    private final CFunction ioctl;
    private final CFunction syscall;
    private final BufferPool scratch;

    LibcReaping(CLibrary libc, BufferPool scratch) throws StartFailure {
        this.scratch = scratch;
        waitid = libc.function("waitid");
        ioctl = libc.function("ioctl");
        syscall = libc.function("syscall");
    }

    /** Whether children can be waited for through pidfds here, by their usage too. */
    boolean canReapPidfds() {
        return NR_WAITID.containsKey(ARCHITECTURE);
    }

    long reap(int pidfd, long exitRecord) {
        return reap(P_PIDFD, pidfd, exitRecord);
    }

    long awaitPid(int pid) {
        NativeMemory memory = scratch.take();
        try {
            long result;
            do {
                result = waitid.intOrErrno(P_PID, pid, memory.address, WEXITED | WNOWAIT);
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            scratch.giveBack(memory);
        }
    }

    long reapPid(int pid, long exitRecord) {
        return reap(P_PID, pid, exitRecord);
    }

    long peekPid(int pid) {
        NativeMemory memory = scratch.take();
        try {
            memory.bytes.putInt(SI_PID, 0);
            long result = waitid.intOrErrno(P_PID, pid, memory.address, WEXITED | WNOHANG | WNOWAIT);
            return result < 0 ? result : memory.bytes.getInt(SI_PID) == 0 ? 0 : 1;
        } finally {
            scratch.giveBack(memory);
        }
    }

    private long reap(long type, int id, long exitRecord) {
        Long number = NR_WAITID.get(ARCHITECTURE);
        NativeMemory memory = scratch.take();
        try {
            // Zeros where an architecture without a known number leaves the usage untold.
            memory.clear(2 * SIGINFO_BYTES + Long.BYTES);
            long usage = memory.address + SIGINFO_BYTES;
            long result = number == null
                    ? waitid.intOrErrno(type, id, memory.address, WEXITED | WNOHANG)
                    : syscall.orErrno(number, type, id, memory.address, WEXITED | WNOHANG, usage);
            if (result < 0) {
                return result;
            }
            if (memory.bytes.getInt(SI_PID) == 0) {
                return 0;
            }
            ByteBuffer out = NativeMemory.at(exitRecord, ExitRecord.BYTES);
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
    private static void copyUsage(NativeMemory memory, ByteBuffer out) {
        int usage = SIGINFO_BYTES;
        out.putLong(ExitRecord.USER_MICROS, micros(memory, usage));
        out.putLong(ExitRecord.SYSTEM_MICROS, micros(memory, usage + 16));
        int[] words = {4, 8, 9, 11, 12, 16, 17};
        for (int i = 0; i < words.length; i++) {
            out.putLong(ExitRecord.MAX_RSS_KIB + i * Long.BYTES, memory.bytes.getLong(usage + words[i] * Long.BYTES));
        }
    }

    private static long micros(NativeMemory memory, int at) {
        return memory.bytes.getLong(at) * 1_000_000 + memory.bytes.getLong(at + Long.BYTES);
    }

    long statusAfterReap(int pidfd) {
        long getInfo = 0xC040FF0BL; // PIDFD_GET_INFO: _IOWR(0xFF, 11, 64 bytes)
        long infoExit = 8;
        int exitCodeAt = 60;
        NativeMemory memory = scratch.take();
        try {
            memory.clear(64);
            memory.bytes.putLong(0, infoExit);
            long result = ioctl.intOrErrno(pidfd, getInfo, memory.address);
            if (result < 0) {
                return result;
            }
            return (memory.bytes.getLong(0) & infoExit) != 0 ? memory.bytes.getInt(exitCodeAt) : -Errno.EAGAIN;
        } finally {
            scratch.giveBack(memory);
        }
    }
}
