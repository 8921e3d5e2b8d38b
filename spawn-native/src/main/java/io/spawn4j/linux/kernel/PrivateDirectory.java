// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A directory that only this user may enter: mode 0700 from its first moment, whatever the umask. It holds one file for
 * as long as it takes to load it, and is removed with it.
 */
final class PrivateDirectory implements AutoCloseable {
    /** What is left writable where the rest is not: {@code /dev} for a container's root, if nothing else. */
    private static final String[] OTHER_PLACES = {"/tmp", "/var/tmp", "/dev/shm", "/run", "/dev"};

    private static final int NAMES = 100;

    private final Path directory;
    private final Path file;

    private PrivateDirectory(Path directory, String name) {
        this.directory = directory;
        this.file = directory.resolve(name);
    }

    /** Where one may be made: {@code java.io.tmpdir}, the user's own run-time directory, and others that are usual. */
    static List<Path> places() {
        List<Path> places = new ArrayList<>(OTHER_PLACES.length + 2);
        add(places, System.getProperty("java.io.tmpdir"));
        add(places, System.getenv("XDG_RUNTIME_DIR"));
        for (String place : OTHER_PLACES) {
            add(places, place);
        }
        return places;
    }

    private static void add(List<Path> places, String place) {
        if (place == null || place.isEmpty()) {
            return;
        }
        try {
            Path path = Path.of(place).toAbsolutePath();
            if (!places.contains(path)) {
                places.add(path);
            }
        } catch (InvalidPathException noPath) {
            // In this JVM's encoding there is no such place: one of the others will do.
        }
    }

    /** Makes one for a file of this name. */
    static PrivateDirectory in(Path place, String name) throws IOException {
        Set<PosixFilePermission> ownersOnly = EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
        FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(ownersOnly);
        for (int attempt = 0; ; attempt++) {
            Path directory = place.resolve("spawn4j" + Long.toUnsignedString(System.nanoTime() + attempt));
            try {
                Files.createDirectory(directory, permissions);
                // An odd umask may have taken the owner's own bits.
                Files.setPosixFilePermissions(directory, ownersOnly);
                return new PrivateDirectory(directory, name);
            } catch (FileAlreadyExistsException e) {
                // Somebody else's, by chance or in order to be in the way.
                if (attempt == NAMES) {
                    throw e;
                }
            }
        }
    }

    Path directory() {
        return directory;
    }

    Path file() {
        return file;
    }

    void write(byte[] image) throws IOException {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            out.write(image);
        }
    }

    void link(Path target) throws IOException {
        Files.createSymbolicLink(file, target);
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            Files.delete(directory);
        }
    }
}
