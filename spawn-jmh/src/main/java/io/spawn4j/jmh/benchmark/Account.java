// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.ProcStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says that this process has.
 *
 * @param residentKib VmRSS of proc_pid_status(5)
 * @param children zombies included
 */
record Account(long descriptors, long threads, long residentKib, long children) {
    static Account now() throws IOException {
        ProcStatus status = ProcStatus.own();
        return new Account(
                entries("/proc/self/fd").length, status.number("Threads"), status.number("VmRSS"), countChildren());
    }

    /** By their parent in proc_pid_stat(5): not every kernel lists a thread's children. */
    private static long countChildren() throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        long count = 0;
        for (String entry : entries("/proc")) {
            if (Character.isDigit(entry.charAt(0))
                    && parent(Path.of("/proc", entry, "stat")).equals(self)) {
                count++;
            }
        }
        return count;
    }

    /** The second field behind the name in parentheses; empty for a process that has ended since it was listed. */
    private static String parent(Path stat) throws IOException {
        try {
            String text = Files.readString(stat);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", 3)[1];
        } catch (IOException e) {
            if (Files.exists(stat)) {
                throw e;
            }
            return "";
        }
    }

    private static String[] entries(String directory) throws IOException {
        String[] entries = new File(directory).list();
        if (entries == null) {
            throw new IOException("cannot list " + directory);
        }
        return entries;
    }
}
