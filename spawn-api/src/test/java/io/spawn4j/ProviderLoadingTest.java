// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Loads the library in class loaders of its own, as applications do, with providers of the tests. */
class ProviderLoadingTest {
    private static final String SERVICES = "META-INF/services/io.spawn4j.spi.SpawnProvider";
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.log.io.spawn4j";

    @TempDir
    private Path services;

    @Test
    void providerIsFoundByTheLibrarysLoaderWhateverTheCallersIs() throws Exception {
        install("io.spawn4j.FakeProvider");
        try (URLClassLoader application = application()) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(null);
            try {
                assertThat(start(application)).isEqualTo("fake got [program, argument]");
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    @Test
    void brokenProviderIsReportedAndAnotherOneRuns() throws Exception {
        install("io.spawn4j.FakeProvider$Broken", "io.spawn4j.FakeProvider");
        try (URLClassLoader application = application()) {
            String log = logOf(() -> assertThat(start(application)).startsWith("fake got"));
            assertThat(log.lines().filter(line -> line.contains("WARN")))
                    .singleElement()
                    .asString()
                    .contains(
                            "falls back to engine fake",
                            "cannot run here",
                            "FakeProvider$Broken could not be instantiated");
            assertThat(capabilities(application))
                    .containsPattern("a provider +no +.*FakeProvider\\$Broken could not be instantiated");
        }
    }

    @Test
    void choiceIsLoggedOnceForWhoeverAsks() throws Exception {
        install("io.spawn4j.FakeProvider");
        try (URLClassLoader application = application()) {
            assertThat(logOf(() -> start(application))).isEmpty();
            String log = logOf(() -> {
                capabilities(application);
                capabilities(application);
            });
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("DEBUG", "spawn4j engine fake (made up): engine fake=yes, nothing=no");
        }
    }

    @Test
    void unreadableListOfProvidersIsAClearError() throws Exception {
        install("not a class name");
        try (URLClassLoader application = application()) {
            assertThat(start(application))
                    .startsWith("no spawn4j engine can run here: a provider: ")
                    .contains("META-INF/services/io.spawn4j.spi.SpawnProvider:1:");
        }
    }

    @Test
    void failedChoiceIsTriedAgain() throws Exception {
        try (URLClassLoader application = application()) {
            assertThat(start(application)).contains("spawn-native");
            install("io.spawn4j.FakeProvider");
            assertThat(start(application)).startsWith("fake got");
        }
    }

    private void install(String... providers) throws Exception {
        Path file = services.resolve(SERVICES);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", providers));
    }

    private interface Action {
        void run() throws Exception;
    }

    /** What is logged meanwhile at DEBUG and above. */
    private static String logOf(Action action) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setProperty(LOG_LEVEL, "debug");
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
            System.clearProperty(LOG_LEVEL);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private URLClassLoader application() throws Exception {
        URL[] path = {
            services.toUri().toURL(),
            rootOf(SpawnBuilder.class),
            rootOf(FakeProvider.class),
            rootOf(LoggerFactory.class),
            rootOf(LoggerFactory.getILoggerFactory().getClass())
        };
        // Not the platform loader: it would hand out the classes of the module under test.
        return new URLClassLoader(path, null);
    }

    /** The directory or jar a class came from; a module's code source would name the wrong one for a patched class. */
    private static URL rootOf(Class<?> type) throws Exception {
        String entry = type.getName().replace('.', '/') + ".class";
        String url = type.getResource("/" + entry).toString();
        String root = url.substring(0, url.length() - entry.length());
        return URI.create(root.startsWith("jar:") ? root.substring("jar:".length(), root.indexOf('!')) : root)
                .toURL();
    }

    private static String start(ClassLoader application) throws Exception {
        Class<?> type = application.loadClass("io.spawn4j.SpawnBuilder");
        Object builder = type.getConstructor(String[].class).newInstance((Object) new String[] {"program", "argument"});
        try {
            throw new AssertionError("started " + type.getMethod("start").invoke(builder));
        } catch (InvocationTargetException thrown) {
            assertThat(thrown.getCause().getClass().getSimpleName()).isEqualTo("SpawnException");
            return thrown.getCause().getMessage();
        }
    }

    private static String capabilities(ClassLoader application) throws Exception {
        return application
                .loadClass("io.spawn4j.SpawnCapabilities")
                .getMethod("current")
                .invoke(null)
                .toString();
    }
}
