// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A fresh cgroup with one controller, of either version, below this JVM's own. Needs {@link RequiresLimitedCgroup}. */
public final class LimitedCgroup implements AutoCloseable {
    /** The controller. */
    public enum Controller {
        /** Of tasks. */
        PIDS("pids", "pids.max", "pids.max"),
        /** Of memory. */
        MEMORY("memory", "memory.limit_in_bytes", "memory.max");

        private final String name;
        private final String limit1;
        private final String limit2;

        Controller(String name, String limit1, String limit2) {
            this.name = name;
            this.limit1 = limit1;
            this.limit2 = limit2;
        }
    }

    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

    private final Path directory;
    private final Path limit;

    private LimitedCgroup(Path directory, String limit) {
        this.directory = directory;
        this.limit = directory.resolve(limit);
    }

    /** Makes it. */
    public static LimitedCgroup create(Controller controller) {
        return attempt(controller)
                .orElseThrow(() -> new IllegalStateException("no cgroup with " + controller + " can be made here"));
    }

    static boolean isPossible(Controller controller) {
        Optional<LimitedCgroup> made = attempt(controller);
        made.ifPresent(LimitedCgroup::close);
        return made.isPresent();
    }

    private static Optional<LimitedCgroup> attempt(Controller controller) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                String[] parts = line.split(":", 3);
                boolean first = List.of(parts[1].split(",")).contains(controller.name);
                if (first || parts[0].equals("0")) {
                    Path mount = first ? MOUNTS.resolve(parts[1]) : MOUNTS;
                    Path parent = mount.resolve(parts[2].substring(1));
                    Optional<LimitedCgroup> made = below(parent, first ? controller.limit1 : controller.limit2);
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

    private static Optional<LimitedCgroup> below(Path parent, String limit) {
        try {
            LimitedCgroup made = new LimitedCgroup(Files.createTempDirectory(parent, "spawn4j-test"), limit);
            if (Files.isWritable(made.limit)) {
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

    /** Sets the limit. */
    public void limit(long most) {
        try {
            Files.writeString(limit, Long.toString(most));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With MEMORY: how many processes the kernel has killed in it for want of memory. */
    public long outOfMemoryKills() {
        try {
            Path events = directory.resolve("memory.events"); // of version 2
            return Files.readAllLines(Files.exists(events) ? events : directory.resolve("memory.oom_control")).stream()
                    .filter(line -> line.startsWith("oom_kill "))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
