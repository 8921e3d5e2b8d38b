// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says of a process in its status file, proc_pid_status(5).
 *
 * @param text lines of a name, a colon and a value; others are passed over
 */
public record ProcStatus(String text) {
    /** This JVM's. */
    public static ProcStatus own() throws IOException {
        return new ProcStatus(Files.readString(Path.of("/proc/self/status")));
    }

    /** The value behind a name; empty where the kernel has no such line. */
    public Optional<String> find(String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The value behind a name that every kernel has. */
    public String value(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("/proc/self/status has no " + name));
    }

    /** The first number behind such a name. */
    public long number(String name) {
        return Long.parseLong(value(name).split("\\s+", 2)[0]);
    }
}
