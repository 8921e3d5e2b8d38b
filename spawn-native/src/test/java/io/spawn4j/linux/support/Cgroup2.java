// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A fresh cgroup of version 2, below this JVM's own. Needs {@link Ability#CGROUP2}. */
public final class Cgroup2 implements AutoCloseable {
    private static final String OWN = "0::";

    private final Path directory;

    private Cgroup2(Path directory) {
        this.directory = directory;
    }

    /** Makes it. */
    public static Cgroup2 create() {
        return attempt().orElseThrow(() -> new IllegalStateException("no cgroup of version 2 can be made here"));
    }

    static Optional<String> missing() {
        Optional<Cgroup2> made = attempt();
        made.ifPresent(Cgroup2::close);
        return made.isPresent() ? Optional.empty() : Optional.of("no cgroup of version 2 can be made here");
    }

    static Optional<String> missingControllers() {
        Optional<Path> parent = own();
        if (parent.isEmpty()) {
            return Optional.of("no cgroup of version 2 here");
        }
        try {
            String passedOn = Files.readString(parent.get().resolve("cgroup.subtree_control"));
            return List.of(passedOn.strip().split(" ")).containsAll(List.of("memory", "pids", "cpu"))
                    ? Optional.empty()
                    : Optional.of("cgroup.subtree_control passes on no more than \"" + passedOn.strip() + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cgroups that trees of a JVM in this JVM's cgroup have there now. */
    public static List<Path> leavesOf(long jvm) {
        Optional<Path> parent = own();
        if (parent.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent.get())) {
            return all.filter(path -> path.getFileName().toString().startsWith("spawn4j-" + jvm + "-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Cgroup2> attempt() {
        try {
            Optional<Path> parent = own();
            return parent.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Cgroup2(Files.createTempDirectory(parent.get(), "spawn4j-test")));
        } catch (IOException notAllowed) {
            return Optional.empty();
        }
    }

    private static Optional<Path> own() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"));
                Stream<String> own = Files.lines(Path.of("/proc/self/cgroup"))) {
            Optional<String> mount = mounts.map(line -> line.split(" "))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> fields[1])
                    .findFirst();
            Optional<String> path = own.filter(line -> line.startsWith(OWN)).findFirst();
            if (mount.isEmpty() || path.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(Path.of(mount.get() + path.get().substring(OWN.length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its directory. */
    public Path directory() {
        return directory;
    }

    /** A threaded one below it, which {@link #close()} removes. */
    public Path threaded() {
        try {
            Path child = Files.createDirectory(directory.resolve("threaded"));
            Files.writeString(child.resolve("cgroup.type"), "threaded");
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes it pass a controller on, which keeps processes out of it. Where the JVM's own does not have one passed on,
     * that is changed until the result is closed, which only the root of the hierarchy allows.
     */
    public AutoCloseable passAControllerOn() throws IOException {
        Path above = directory.resolveSibling("cgroup.subtree_control");
        Path here = directory.resolve("cgroup.subtree_control");
        String passedOn = Files.readString(above).strip();
        String controller = (passedOn.isEmpty()
                        ? Files.readString(directory.resolveSibling("cgroup.controllers"))
                        : passedOn)
                .strip()
                .split(" ")[0];
        if (passedOn.isEmpty()) {
            Files.writeString(above, "+" + controller);
        }
        Files.writeString(here, "+" + controller);
        return () -> {
            Files.writeString(here, "-" + controller);
            if (passedOn.isEmpty()) {
                Files.writeString(above, "-" + controller);
            }
        };
    }

    /** Removes it; nothing may be in it any more. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(directory.resolve("threaded"));
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
