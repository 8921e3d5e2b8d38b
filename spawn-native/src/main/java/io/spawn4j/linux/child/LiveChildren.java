// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import java.util.concurrent.ConcurrentHashMap;

/** The children whose numbers are still theirs, since nobody has reaped them: none of them is an orphan. */
public final class LiveChildren {
    private static final ConcurrentHashMap<Long, WatchedChild> BY_PID = new ConcurrentHashMap<>();

    private LiveChildren() {}

    /** Before the thread that started it can end: from then on the child may look like an adopted one. */
    static void add(WatchedChild child) {
        BY_PID.put(child.pid(), child);
    }

    /** After it was reaped. Its number may be another child's by now, which stays. */
    static void remove(WatchedChild child) {
        BY_PID.remove(child.pid(), child);
    }

    /** For one that never got a watch. */
    static void remove(long pid) {
        BY_PID.remove(pid);
    }

    public static boolean contains(long pid) {
        return BY_PID.containsKey(pid);
    }

    public static int count() {
        return BY_PID.size();
    }
}
