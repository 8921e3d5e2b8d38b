// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The files that build.sh compiled, as files on disk: they travel in the jar and are unpacked once per run. */
public final class NativeFiles {
    /** Names the directory with the unpacked files; the report passes it to its forks. */
    public static final String PROPERTY = "io.spawn4j.jmh.native";

    private static final String[] NAMES = {"tiny", "stamp", "pause", "zeros", "libcontender.so"};

    private NativeFiles() {}

    /** Where they are. */
    public static Path directory() {
        return Unpacked.DIRECTORY;
    }

    static String path(String name) {
        return Unpacked.DIRECTORY.resolve(name).toString();
    }

    private static Path unpack() {
        String given = System.getProperty(PROPERTY);
        if (given != null) {
            return Path.of(given);
        }
        try {
            Path directory = Files.createTempDirectory("spawn4j-jmh-");
            directory.toFile().deleteOnExit();
            // A child that changes its user still has to reach the program.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            for (String name : NAMES) {
                unpack(name, directory.resolve(name));
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the benchmarks' native files", e);
        }
    }

    private static void unpack(String name, Path target) throws IOException {
        try (InputStream in = NativeFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("io/spawn4j/jmh/contender/" + name
                        + " is not on the class path: Maven compiles it into the jar");
            }
            target.toFile().deleteOnExit();
            Files.copy(in, target);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static final class Unpacked {
        static final Path DIRECTORY = unpack();
    }
}
