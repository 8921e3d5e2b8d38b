// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the first files below a directory in the order of their names, so that every run takes the same ones. */
final class FileFinder {
    static final long MAX_SIZE = 256 * 1024;

    private final int wanted;
    private final List<Path> found = new ArrayList<>();

    private FileFinder(int wanted) {
        this.wanted = wanted;
    }

    /** Regular, readable files of at most {@link #MAX_SIZE} bytes; symbolic links are not followed. */
    static List<Path> find(Path root, int wanted) throws IOException {
        FileFinder finder = new FileFinder(wanted);
        finder.visit(root.toAbsolutePath().normalize());
        return finder.found;
    }

    private void visit(Path directory) throws IOException {
        for (Path entry : sorted(directory)) {
            if (found.size() == wanted) {
                return;
            }
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                visit(entry);
            } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                    && Files.isReadable(entry)
                    && Files.size(entry) <= MAX_SIZE
                    && isExpressible(entry)) {
                found.add(entry);
            }
        }
    }

    private static List<Path> sorted(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (AccessDeniedException e) {
            return List.of();
        }
    }

    /** A name is bytes. Where the JVM's locale has no characters for them, no argument of a child can name the file. */
    private static boolean isExpressible(Path path) {
        try {
            return Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
