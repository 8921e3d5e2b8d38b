// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)) says of the mount that a directory is in. */
final class MountOptions {
    private static final int MOUNT_POINT = 4;
    private static final int OPTIONS = 5;

    private MountOptions() {}

    /** Whether it lets no code be executed; false where that cannot be told. */
    static boolean isNoexec(Path directory) {
        String options = "";
        int longest = -1;
        try (BufferedReader lines =
                new BufferedReader(new FileReader("/proc/self/mountinfo", StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(" ", OPTIONS + 2);
                Path point = Path.of(fields[MOUNT_POINT]);
                // Of mounts on the same point the last is on top.
                if (directory.startsWith(point) && point.getNameCount() >= longest) {
                    longest = point.getNameCount();
                    options = fields[OPTIONS];
                }
            }
        } catch (IOException e) {
            return false;
        }
        return ("," + options + ",").contains(",noexec,");
    }
}
