// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests run with, modules or not, as one class path: the report runs from one jar. As an extension it makes
 * this path the JVM's own during each test.
 */
final class ClassPath implements BeforeEachCallback, AfterEachCallback {
    static final String PROPERTY = "java.class.path";

    private static final String OWN = System.getProperty(PROPERTY);

    @Override
    public void beforeEach(ExtensionContext context) {
        System.setProperty(PROPERTY, all());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setProperty(PROPERTY, OWN);
    }

    static String all() {
        return Stream.of(System.getProperty("jdk.module.path", ""), OWN)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The same with a jar in place of each directory. */
    static String jars(Path target) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : all().split(File.pathSeparator, -1)) {
            jars.add(
                    Files.isDirectory(Path.of(entry))
                            ? jar(Path.of(entry), target.resolve(jars.size() + ".jar"))
                            : entry);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String jar(Path classes, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(classes)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar.toString();
    }
}
