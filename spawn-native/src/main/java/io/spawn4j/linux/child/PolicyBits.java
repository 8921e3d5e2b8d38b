// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.Signal;
import io.spawn4j.SpawnPolicy;
import java.util.Set;

/** Settings of a policy as bits, the same in a request's slot and in what spawn4j-init is told. */
public final class PolicyBits {
    private static final int FLAG_NEW_SESSION = 1;
    private static final int FLAG_SET_GROUP = 2;
    private static final int FLAG_UMASK = 4;
    private static final int FLAG_NICE = 8;

    private PolicyBits() {}

    /** FLAG_* of a policy. */
    public static int flags(SpawnPolicy policy) {
        int flags = 0;
        if (policy.newSession()) {
            flags |= FLAG_NEW_SESSION;
        }
        if (policy.newProcessGroup() || policy.joinProcessGroup().isPresent()) {
            flags |= FLAG_SET_GROUP;
        }
        if (policy.umask().isPresent()) {
            flags |= FLAG_UMASK;
        }
        if (policy.nice().isPresent()) {
            flags |= FLAG_NICE;
        }
        return flags;
    }

    /** A signal set as the kernel has it: bit 0 is signal 1. */
    public static long signalSet(Set<Signal> signals) {
        long set = 0;
        for (Signal signal : signals) {
            set |= 1L << (signal.number() - 1);
        }
        return set;
    }
}
