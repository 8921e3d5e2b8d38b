// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/** Room for the descriptors of a test that opens thousands of them. */
public final class NofileLimit {
    private static final int RLIMIT_NOFILE = 7;
    private static final int SOFT = 0;
    private static final int HARD = 1;

    private NofileLimit() {}

    /**
     * Raises this JVM's limit so that it may have {@code wanted} descriptors, and returns how many it may have. That is
     * less in a nested suite only, whose user may not raise the hard limit; elsewhere it is an {@link AssertionError}.
     */
    public static int room(int wanted) {
        if (TestTools.natives().limit(RLIMIT_NOFILE, SOFT) < wanted) {
            int raised = TestTools.natives().raiseNofile(wanted);
            if (raised < 0 && Scale.isMain()) {
                throw new AssertionError("this test needs " + wanted + " descriptors, the hard limit is "
                        + TestTools.natives().limit(RLIMIT_NOFILE, HARD) + ": raise it with ulimit -Hn, or as root");
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, TestTools.natives().limit(RLIMIT_NOFILE, SOFT));
    }
}
