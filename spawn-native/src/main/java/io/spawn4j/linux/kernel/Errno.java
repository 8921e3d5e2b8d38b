// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/** Errno values by number, with their names and texts. */
public final class Errno {
    public static final int EPERM = number(jnr.constants.platform.Errno.EPERM);
    public static final int ENOENT = number(jnr.constants.platform.Errno.ENOENT);
    public static final int ESRCH = number(jnr.constants.platform.Errno.ESRCH);
    public static final int EINTR = number(jnr.constants.platform.Errno.EINTR);
    public static final int EBADF = number(jnr.constants.platform.Errno.EBADF);
    public static final int ECHILD = number(jnr.constants.platform.Errno.ECHILD);
    public static final int EAGAIN = number(jnr.constants.platform.Errno.EAGAIN);
    public static final int EACCES = number(jnr.constants.platform.Errno.EACCES);
    public static final int EISDIR = number(jnr.constants.platform.Errno.EISDIR);
    public static final int EINVAL = number(jnr.constants.platform.Errno.EINVAL);
    public static final int EPIPE = number(jnr.constants.platform.Errno.EPIPE);
    public static final int ENOSYS = number(jnr.constants.platform.Errno.ENOSYS);
    public static final int EOPNOTSUPP = number(jnr.constants.platform.Errno.EOPNOTSUPP);
    public static final int ETIMEDOUT = number(jnr.constants.platform.Errno.ETIMEDOUT);
    public static final int EINPROGRESS = number(jnr.constants.platform.Errno.EINPROGRESS);

    public static final int ENOEXEC = number(jnr.constants.platform.Errno.ENOEXEC);
    public static final int ENOMEM = number(jnr.constants.platform.Errno.ENOMEM);

    /** After these, execvp(3) tries the next directory of PATH. */
    private static final java.util.Set<jnr.constants.platform.Errno> TRY_NEXT = java.util.EnumSet.of(
            jnr.constants.platform.Errno.EACCES,
            jnr.constants.platform.Errno.ENOENT,
            jnr.constants.platform.Errno.ENOTDIR,
            jnr.constants.platform.Errno.ELOOP,
            jnr.constants.platform.Errno.ENAMETOOLONG,
            jnr.constants.platform.Errno.ESTALE,
            jnr.constants.platform.Errno.ENODEV,
            jnr.constants.platform.Errno.ETIMEDOUT);

    /** What may be different in a moment, for reasons that are not the host's rules. */
    private static final java.util.Set<jnr.constants.platform.Errno> SHORTAGES = java.util.EnumSet.of(
            jnr.constants.platform.Errno.EAGAIN,
            jnr.constants.platform.Errno.ENOMEM,
            jnr.constants.platform.Errno.EMFILE,
            jnr.constants.platform.Errno.ENFILE,
            jnr.constants.platform.Errno.ENOBUFS,
            jnr.constants.platform.Errno.ETOOMANYREFS,
            jnr.constants.platform.Errno.ETIMEDOUT,
            jnr.constants.platform.Errno.EINTR);

    private Errno() {}

    private static int number(jnr.constants.platform.Errno errno) {
        return errno.intValue();
    }

    /** "ENOENT"; "errno 4242" for a number without a name; "" for 0. */
    public static String name(int errno) {
        if (errno == 0) {
            return "";
        }
        if (errno == EOPNOTSUPP) {
            return "EOPNOTSUPP"; // the same number as ENOTSUP, and the kernel's name for it
        }
        jnr.constants.platform.Errno known = jnr.constants.platform.Errno.valueOf(errno);
        return known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__ ? "errno " + errno : known.name();
    }

    /** Whether it may be different in a moment, for reasons that are not the host's rules. */
    public static boolean isShortage(int errno) {
        return SHORTAGES.contains(jnr.constants.platform.Errno.valueOf(errno));
    }

    public static boolean meansTryNext(int errno) {
        return TRY_NEXT.contains(jnr.constants.platform.Errno.valueOf(errno));
    }

    /** "No such file or directory". */
    public static String text(int errno) {
        jnr.constants.platform.Errno known = jnr.constants.platform.Errno.valueOf(errno);
        return known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__ ? "Unknown error" : known.description();
    }

    /** "ENOENT (No such file or directory)". */
    public static String describe(long errno) {
        return name((int) errno) + " (" + text((int) errno) + ")";
    }
}
