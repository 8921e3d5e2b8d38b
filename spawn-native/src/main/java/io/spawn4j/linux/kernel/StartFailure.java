// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import org.jspecify.annotations.Nullable;

/** Why an engine, or a part of it, cannot be set up: the call and its errno, or a sentence. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public StartFailure(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    public StartFailure(String why, Throwable cause) {
        super(why, cause);
        this.errno = 0;
    }

    /** A sentence with the errno that it comes from. */
    public StartFailure(String why, int errno, @Nullable Throwable cause) {
        super(why, cause);
        this.errno = errno;
    }

    public StartFailure(String why) {
        super(why);
        this.errno = 0;
    }

    public int errno() {
        return errno;
    }

    /** What is at the bottom of its causes: the rest is how it travelled. */
    public static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** The result of a call that returns -errno on failure. */
    public static int check(String call, long result) throws StartFailure {
        if (result < 0) {
            throw new StartFailure(call, (int) -result);
        }
        return Math.toIntExact(result);
    }
}
