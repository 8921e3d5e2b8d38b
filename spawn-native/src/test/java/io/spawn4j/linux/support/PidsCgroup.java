// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A fresh cgroup with the pids controller, of either version, below this JVM's own. Needs {@link RequiresPidsCgroup}. */
public final class PidsCgroup implements AutoCloseable {
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private PidsCgroup(Path directory) {
        this.directory = directory;
    }

    /** Makes it. */
    public static PidsCgroup create() {
        return attempt().orElseThrow(() -> new IllegalStateException("no cgroup with pids.max can be made here"));
    }

    static boolean isPossible() {
        Optional<PidsCgroup> made = attempt();
        made.ifPresent(PidsCgroup::close);
        return made.isPresent();
    }

    private static Optional<PidsCgroup> attempt() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                String[] parts = line.split(":", 3);
                boolean pids = List.of(parts[1].split(",")).contains("pids");
                if (pids || parts[0].equals("0")) {
                    Path mount = pids ? MOUNTS.resolve(parts[1]) : MOUNTS;
                    Path parent = mount.resolve(parts[2].substring(1));
                    Optional<PidsCgroup> made = below(parent);
                    if (made.isPresent()) {
                        return made;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<PidsCgroup> below(Path parent) {
        try {
            PidsCgroup made = new PidsCgroup(Files.createTempDirectory(parent, "spawn4j-test"));
            if (Files.isWritable(made.directory.resolve("pids.max"))) {
                return Optional.of(made);
            }
            made.close();
            return Optional.empty();
        } catch (IOException notAllowed) {
            return Optional.empty();
        }
    }

    /** Its directory. */
    public Path directory() {
        return directory;
    }

    /** Removes it; nothing may be in it any more. */
    @Override
    public void close() {
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
