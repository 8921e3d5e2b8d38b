// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import io.spawn4j.HostAbility;
import io.spawn4j.SpawnCapabilities;
import java.util.List;

/** What the native engine says about the thread that clones its children. */
public final class SpawnerThread {
    private static final String ID = "thread id ";

    private SpawnerThread() {}

    /** Its id, as in /proc/self/task. */
    public static int id() {
        return Integer.parseInt(row("spawner thread").how().substring(ID.length()));
    }

    /** The system call that makes its children, as a fault rule names it. */
    public static String cloneCall() {
        return row("clone3 with CLONE_CLEAR_SIGHAND").available() ? "clone3" : "clone";
    }

    /** Whether it has a descriptor table of its own. */
    public static boolean hasPrivateTable() {
        return row("private descriptor table").available();
    }

    /** Whether its children come with pidfds. */
    public static boolean hasPidfds() {
        return row("pidfds").available();
    }

    /**
     * What is open in its table, but the pidfds that it keeps until the next request; empty where it shares the JVM's,
     * and with the other engine.
     */
    public static List<String> descriptors() {
        if (Ability.NATIVE_ENGINE.missing().isPresent() || !hasPrivateTable()) {
            return List.of();
        }
        return ProcFs.descriptors(id()).values().stream()
                .filter(target -> !target.equals("anon_inode:[pidfd]") && !target.startsWith("pidfd:"))
                .sorted()
                .toList();
    }

    private static HostAbility row(String name) {
        SpawnCapabilities capabilities = SpawnCapabilities.current();
        return capabilities.rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no row " + name + " in\n" + capabilities));
    }
}
