// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/** Files in memory that can be executed and never be changed: memfd_create(2), Linux 3.17. */
public final class SealedMemfd {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10; // Linux 6.3
    private static final int F_ADD_SEALS = 1033;
    private static final int ALL_SEALS = 0xf; // SEAL, SHRINK, GROW, WRITE

    private SealedMemfd() {}

    /** The caller's new descriptor, close-on-exec, or -errno. */
    public static int create(Libc libc, String name, byte[] image) {
        int fd = libc.memfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (fd < 0) {
            fd = libc.memfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        }
        if (fd < 0) {
            return -Libc.errno();
        }
        NativeMemory memory = NativeMemory.cString(image);
        for (long at = 0; at < image.length; ) {
            long written = libc.write(fd, memory.address + at, image.length - at);
            if (written <= 0) {
                int errno = Libc.errno();
                libc.close(fd);
                return -errno;
            }
            at += written;
        }
        if (libc.fcntl(fd, F_ADD_SEALS, ALL_SEALS) < 0) {
            int errno = Libc.errno();
            libc.close(fd);
            return -errno;
        }
        return fd;
    }
}
