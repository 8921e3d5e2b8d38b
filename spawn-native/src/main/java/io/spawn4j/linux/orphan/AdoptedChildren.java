// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.ProcStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The children of this process's first thread: the orphans that it adopts, and children of threads that have ended. The
 * kernel gives both to the first thread that lives (find_alive_thread in kernel/exit.c, Linux 4.0), and in a JVM of the
 * java command that thread waits for the others and starts nothing.
 */
final class AdoptedChildren {
    private static final String REMEDY = "Start it as process 1 of its container, or from a launcher that sets"
            + " PR_SET_CHILD_SUBREAPER (prctl(2)) and executes java; elsewhere leave this call out";

    private final Path thread;

    private AdoptedChildren(Path thread) {
        this.thread = thread;
    }

    /** Those of this process; an {@link IllegalStateException} with the remedy if it adopts none. */
    static AdoptedChildren ofThisProcess(Kernel kernel) {
        long pid = ProcessHandle.current().pid();
        if (pid != 1) {
            long subreaper = kernel.isSubreaper();
            if (subreaper < 0) {
                throw new IllegalStateException(
                        "whether this JVM is a subreaper cannot be told: prctl: " + Errno.describe(-subreaper));
            }
            if (subreaper == 0) {
                throw new IllegalStateException(
                        "this JVM (process " + pid + ") adopts no orphans: it is neither process 1"
                                + " of its pid namespace nor a subreaper. " + REMEDY);
            }
        }
        AdoptedChildren children = new AdoptedChildren(Path.of("/proc/self/task/" + pid));
        try {
            children.pids();
            return children;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "this JVM (process " + pid + ") cannot see what it adopts: " + e + ". It needs Linux 4.2 with"
                            + " CONFIG_PROC_CHILDREN, and a /proc that was mounted in its own pid namespace",
                    e);
        }
    }

    /** Their numbers, zombies included. While others come and go, some may be missing; the next time they are there. */
    long[] pids() throws IOException {
        String list = Files.readString(thread.resolve("children"), StandardCharsets.ISO_8859_1);
        if (list.isEmpty() && ProcStat.read(thread.resolve("stat")).state() == 'Z') {
            throw new IOException("the first thread of this JVM has ended, and orphans cannot be told from children");
        }
        return list.isBlank()
                ? new long[0]
                : Arrays.stream(list.strip().split(" +"))
                        .mapToLong(Long::parseLong)
                        .toArray();
    }
}
