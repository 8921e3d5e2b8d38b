// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/**
 * Errno values by number: those of asm-generic/errno-base.h and errno.h, which every architecture has that a current
 * JDK for Linux runs on (x86-64, aarch64, riscv64, s390x, ppc64le, loongarch64, arm).
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EOPNOTSUPP = 95;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETOOMANYREFS = 109;
    public static final int ETIMEDOUT = 110;
    public static final int EINPROGRESS = 115;
    public static final int ESTALE = 116;

    private Errno() {}

    /** "ENOENT"; "errno 4242" for a number without a name; "" for 0. */
    public static String name(int errno) {
        return ErrnoTexts.name(errno);
    }

    /** "No such file or directory". */
    public static String text(int errno) {
        return ErrnoTexts.text(errno);
    }

    /** "ENOENT (No such file or directory)". */
    public static String describe(long errno) {
        return name((int) errno) + " (" + text((int) errno) + ")";
    }

    /** Whether it may be different in a moment, for reasons that are not the host's rules. */
    public static boolean isShortage(int errno) {
        return switch (errno) {
            case EAGAIN, ENOMEM, EMFILE, ENFILE, ENOBUFS, ETOOMANYREFS, ETIMEDOUT, EINTR -> true;
            default -> false;
        };
    }

    /** Whether execvp(3) tries the next directory of PATH after it. */
    public static boolean meansTryNext(int errno) {
        return switch (errno) {
            case EACCES, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ESTALE, ENODEV, ETIMEDOUT -> true;
            default -> false;
        };
    }
}
