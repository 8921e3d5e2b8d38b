// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The library as its users have it: its two jars and those of its run-time dependencies, in a directory that everybody
 * can read. Packed once for each test JVM, from where its class path finds them.
 */
public final class Jars {
    /** One jar for each, found by what it holds. */
    private enum Content {
        SPAWN_API("io/spawn4j/SpawnBuilder.class"),
        SPAWN_NATIVE("io/spawn4j/linux/NativeProvider.class"),
        SLF4J_API("org/slf4j/LoggerFactory.class"),
        JFFI("com/kenai/jffi/Foreign.class"),
        JFFI_NATIVE("jni/x86_64-Linux/");

        private final String resource;

        Content(String resource) {
            this.resource = resource;
        }

        private String jar() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".jar";
        }
    }

    private Jars() {}

    private static final class Packed {
        static final Path DIRECTORY = make();

        private static Path make() {
            try {
                Path directory = temporaryDirectory("spawn4j-jars");
                for (Content content : Content.values()) {
                    pack(find(content), file -> true, directory.resolve(content.jar()));
                }
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The directory of the jars, and of nothing else. */
    public static Path directory() {
        return Packed.DIRECTORY;
    }

    /** The jars, as a class path. */
    public static String library() {
        return Stream.of(Content.values())
                .map(content -> directory().resolve(content.jar()).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * A class path: a jar of the user's, with this class, what is nested in it, and {@link UserCode}; then the library.
     */
    public static String withUser(Class<?> main) {
        String prefix = main.getName().replace('.', '/').replaceAll("\\$.*", "");
        String code = UserCode.class.getName().replace('.', '/');
        try {
            Path jar = temporaryDirectory("spawn4j-user").resolve("user.jar");
            pack(
                    Path.of(classPath().split(File.pathSeparator)[0]),
                    file -> file.matches("(" + prefix + "|" + code + ")(\\$.*)?\\.class"),
                    jar);
            return jar + File.pathSeparator + library();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JVM as a user has it: nothing on its class path but the library and {@link #withUser} code. */
    public static NestedJvm jvm(Class<?> main, String... arguments) {
        return NestedJvm.of(main, arguments).classPath(withUser(main));
    }

    /** A directory that everybody can read, which is deleted with this JVM. */
    public static Path temporaryDirectory(String name) throws IOException {
        Path directory = Files.createTempDirectory(name);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Command.run("rm", "-rf", "--one-file-system", directory.toString())));
        return directory;
    }

    private static String classPath() {
        return System.getProperty("spawn4j.test.classpath", System.getProperty("java.class.path"));
    }

    private static Path find(Content content) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.exists(path) && holds(path, content.resource)) {
                found.add(path);
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException("on the class path of the tests " + content + " is " + found);
        }
        return found.get(0);
    }

    private static boolean holds(Path entry, String resource) throws IOException {
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve(resource));
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(resource) != null;
        }
    }

    private static void pack(Path from, Predicate<String> which, Path jar) throws IOException {
        if (!Files.isDirectory(from)) {
            Files.copy(from, jar);
        } else {
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                    Stream<Path> files = Files.walk(from)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    String name = from.relativize(file).toString();
                    if (which.test(name)) {
                        out.putNextEntry(new ZipEntry(name));
                        Files.copy(file, out);
                        out.closeEntry();
                    }
                }
            }
        }
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
