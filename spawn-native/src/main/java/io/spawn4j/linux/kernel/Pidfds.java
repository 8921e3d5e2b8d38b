// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code /proc} says of pidfds. */
public final class Pidfds {
    private static final String FIELD = "Pid:";

    private Pidfds() {}

    /** The number of its process in the PID namespace of {@code /proc}, while nobody has reaped it. */
    public static int pidOf(int pidfd) throws StartFailure {
        Path info = Path.of("/proc/self/fdinfo/" + pidfd);
        try {
            int pid = Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith(FIELD))
                    .map(line -> Integer.parseInt(line.substring(FIELD.length()).strip()))
                    .findFirst()
                    .orElse(-1);
            if (pid <= 0) {
                throw new StartFailure(info + " names no pid of this namespace", Errno.ESRCH);
            }
            return pid;
        } catch (IOException e) {
            throw new StartFailure(info + ": " + e.getMessage(), e);
        }
    }
}
