// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK of this host.
 *
 * @param version as it names itself
 */
record Jdk(Path home, String version) {
    static final Path JVMS = Path.of("/usr/lib/jvm");

    private static final int FIRST_WITH_NATIVE_ACCESS_WARNINGS = 24;

    /** One of that feature release; 0 for the report's own. */
    static Optional<Jdk> find(int feature) throws IOException {
        if (isOwn(feature)) {
            return Optional.of(new Jdk(
                    Path.of(System.getProperty("java.home")), Runtime.version().toString()));
        }
        if (!Files.isDirectory(JVMS)) {
            return Optional.empty();
        }
        List<Path> homes;
        try (Stream<Path> found = Files.list(JVMS)) {
            homes = found.sorted().toList();
        }
        for (Path home : homes) {
            Path release = home.resolve("release");
            if (Files.isReadable(release) && Files.isExecutable(home.resolve("bin/java"))) {
                String version = property(release, "JAVA_VERSION");
                if (version.equals(Integer.toString(feature)) || version.startsWith(feature + ".")) {
                    return Optional.of(new Jdk(home, property(release, "JAVA_RUNTIME_VERSION")));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it is the one that the report runs on. */
    static boolean isOwn(int feature) {
        return feature == 0 || feature == Runtime.version().feature();
    }

    /** What a JVM of that feature release needs where Java calls native functions. */
    static List<String> nativeAccess(int feature) {
        return (feature == 0 ? Runtime.version().feature() : feature) >= FIRST_WITH_NATIVE_ACCESS_WARNINGS
                ? List.of("--enable-native-access=ALL-UNNAMED")
                : List.of();
    }

    private static String property(Path release, String name) throws IOException {
        Properties facts = new Properties();
        try (var in = Files.newBufferedReader(release)) {
            facts.load(in);
        }
        return facts.getProperty(name, "").replace("\"", "");
    }
}
