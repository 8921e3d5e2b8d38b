// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code /proc/PID/stat} (proc_pid_stat(5)) tells of one process or thread. Reading it does not block, whatever
 * the process hangs in.
 *
 * @param state {@code Z} for a zombie
 * @param startTime in clock ticks since boot: with the pid, it tells a process from a later one of the same number
 */
public record ProcStat(char state, long startTime) {
    /** Field 22, counted from the state, which is field 3. */
    private static final int START_TIME = 19;

    public static ProcStat of(long pid) throws IOException {
        return read(Path.of("/proc/" + pid + "/stat"));
    }

    public static ProcStat read(Path file) throws IOException {
        String line = Files.readString(file, StandardCharsets.ISO_8859_1);
        // The name may hold blanks and parentheses.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", START_TIME + 2);
        return new ProcStat(fields[0].charAt(0), Long.parseLong(fields[START_TIME]));
    }
}
