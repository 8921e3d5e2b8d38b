// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets threads use something, until somebody shuts it in order to end that. */
public final class Gate {
    private static final int SHUT = Integer.MIN_VALUE;

    /** Number of threads inside, plus {@link #SHUT}. */
    private final AtomicInteger inside = new AtomicInteger();

    /** Whether the caller is inside now, until {@link #leave}; not once it is shut. */
    public boolean enter() {
        int seen;
        do {
            seen = inside.get();
            if (seen < 0) {
                return false;
            }
        } while (!inside.compareAndSet(seen, seen + 1));
        return true;
    }

    public void leave() {
        inside.decrementAndGet();
    }

    /** Lets nobody in any more; those who are inside stay. */
    public void shut() {
        inside.getAndUpdate(seen -> seen < 0 ? seen : seen + SHUT);
    }

    /** Lets threads in again. */
    public void reopen() {
        inside.getAndUpdate(seen -> seen < 0 ? seen - SHUT : seen);
    }

    /** Whether nobody is inside. */
    public boolean isEmpty() {
        int seen = inside.get();
        return seen == 0 || seen == SHUT;
    }
}
