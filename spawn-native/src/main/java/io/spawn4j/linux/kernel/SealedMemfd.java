// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** Files in memory that can be executed and never be changed: memfd_create(2), Linux 3.17. */
public final class SealedMemfd {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10; // Linux 6.3
    private static final int F_ADD_SEALS = 1033;
    private static final int ALL_SEALS = 0xf; // SEAL, SHRINK, GROW, WRITE

    private final CFunction syscall;
    private final CFunction write;
    private final CFunction fcntl;
    private final CFunction close;

    private SealedMemfd(CLibrary libc) throws StartFailure {
        syscall = libc.function("syscall"); // memfd_create has a wrapper since glibc 2.27 only
        write = libc.function("write");
        fcntl = libc.function("fcntl");
        close = libc.function("close");
    }

    /** The caller's new descriptor, close-on-exec, or -errno. */
    public static int create(CLibrary libc, String name, byte[] image) throws StartFailure {
        return new SealedMemfd(libc).create(name, image);
    }

    private int create(String name, byte[] image) throws StartFailure {
        NativeMemory path = NativeMemory.cString(name.getBytes(StandardCharsets.US_ASCII));
        int fd = memfdCreate(path, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (fd < 0) {
            fd = memfdCreate(path, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        }
        if (fd < 0) {
            return fd;
        }
        long result = fill(fd, image);
        if (result < 0) {
            close.callInt(fd);
            return (int) result;
        }
        return fd;
    }

    private int memfdCreate(NativeMemory name, int flags) throws StartFailure {
        try {
            return syscall.intOrErrno(number(), name.address, flags);
        } finally {
            Reference.reachabilityFence(name);
        }
    }

    private static long number() throws StartFailure {
        String machine = Binaries.machine();
        return switch (machine) {
            case "x86_64" -> 319;
            case "aarch64" -> 279;
            default -> throw new StartFailure("the C core knows x86_64 and aarch64, and this machine is " + machine);
        };
    }

    /** 0 or -errno. */
    private long fill(int fd, byte[] image) {
        NativeMemory memory = NativeMemory.cString(image);
        try {
            for (long at = 0; at < image.length; ) {
                long written = write.orErrno(fd, memory.address + at, image.length - at);
                if (written <= 0) {
                    return written == 0 ? -Errno.ENOSPC : written;
                }
                at += written;
            }
            return fcntl.intOrErrno(fd, F_ADD_SEALS, ALL_SEALS);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
