// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A system user made for one test, with a directory that holds a copy of the class path and of the test tools: the
 * originals may be where nobody else can read. Needs {@link Ability#ROOT}.
 */
public final class ForeignUser implements AutoCloseable {
    private final String name = "spawn4j-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final Path copies;
    private final String classPath;

    private ForeignUser() throws IOException {
        copies = Files.createTempDirectory("foreign-user");
        open(copies);
        classPath = copyClassPath();
        copy(TestTools.directory(), copies.resolve("tools"));
        Command.run("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name)
                .orThrow();
        Path temporary = Files.createDirectory(copies.resolve("tmp"));
        Command.run("chown", name + ":" + name, temporary.toString()).orThrow();
    }

    /** Creates the user and his copies. */
    public static ForeignUser create() {
        try {
            return new ForeignUser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The user's name. */
    public String name() {
        return name;
    }

    /** Makes a JVM run as this user, on his copies and in his temporary directory. */
    public NestedJvm runs(NestedJvm jvm) {
        Path temporary = copies.resolve("tmp");
        return jvm.through("setpriv", "--reuid", name, "--regid", name, "--clear-groups", "--")
                .classPath(classPath)
                .property("spawn4j.test.tools", copies.resolve("tools").toString())
                .property("java.io.tmpdir", temporary.toString())
                .environment("HOME", temporary.toString())
                // Not the superuser's, with directories that nobody else may search: an unknown program
                // would be EACCES.
                .environment("PATH", "/usr/local/bin:/usr/bin:/bin")
                .directory(temporary);
    }

    /** Deletes the user and his copies. */
    @Override
    public void close() {
        Command.run("userdel", name).orThrow();
        Command.run("rm", "-rf", "--one-file-system", copies.toString()).orThrow();
    }

    private String copyClassPath() throws IOException {
        List<String> entries = new ArrayList<>();
        String original = System.getProperty("spawn4j.test.classpath", System.getProperty("java.class.path"));
        for (String entry : original.split(File.pathSeparator)) {
            Path from = Path.of(entry);
            // An entry may not exist: a module without resources.
            if (Files.exists(from)) {
                Path to = copies.resolve(entries.size() + "-" + from.getFileName());
                copy(from, to);
                entries.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy);
                open(copy);
            }
        }
    }

    private static void open(Path path) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        permissions.addAll(PosixFilePermissions.fromString("r--r--r--"));
        if (Files.isDirectory(path) || permissions.contains(PosixFilePermission.OWNER_EXECUTE)) {
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        Files.setPosixFilePermissions(path, permissions);
    }
}
