// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A project that uses the library, below src/test/consumer, compiled and run outside the build with the commands of
 * this JDK: as a modular application, on the class path, and on a run-time image of java.base alone.
 */
@Tag(NestedSuite.MAIN_ONLY)
class ConsumerTest {
    private static final String MAIN = "consumer.Main";
    private static final String MODULE = "consumer";

    private static final Path HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    static Path directory;

    private static Path modular;
    private static Path plain;
    private static Path image;

    @BeforeAll
    static void build() throws IOException {
        Path sources = Path.of(System.getProperty("spawn4j.test.consumer"));
        String main = sources.resolve("consumer/Main.java").toString();
        modular = directory.resolve("modular");
        javac(
                "-p",
                library(),
                "-d",
                modular.toString(),
                sources.resolve("module-info.java").toString(),
                main);
        plain = directory.resolve("plain");
        javac("-cp", library() + "/*", "-d", plain.toString(), main);
        image = directory.resolve("image");
        jdk("jlink", "--add-modules", "java.base", "--output", image.toString()).orThrow();
    }

    private static void javac(String... arguments) {
        List<String> command = new ArrayList<>(List.of("-Xlint:all", "-Werror"));
        command.addAll(List.of(arguments));
        jdk("javac", command.toArray(String[]::new)).orThrow();
    }

    private static Command jdk(String tool, String... arguments) {
        return Command.run(
                Stream.concat(Stream.of(HOME.resolve("bin").resolve(tool).toString()), Stream.of(arguments))
                        .toList());
    }

    private static String library() {
        return Jars.directory().toString();
    }

    private static NestedJvm modular(String... arguments) {
        return NestedJvm.of(MAIN, arguments).module(MODULE, library() + File.pathSeparator + modular);
    }

    private static NestedJvm plain(String... arguments) {
        return NestedJvm.of(MAIN, arguments).classPath(plain + File.pathSeparator + Jars.library());
    }

    private static void assertStarts(NestedJvm jvm, String engine, String module) {
        assertThat(jvm.run().orThrow()).isEqualTo("all started by " + engine + " for " + module + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F36: a modular application, on the module path")
    void modularApplication(String engine) {
        assertStarts(
                modular(engine)
                        .nativeAccess("org.jnrproject.jffi,io.spawn4j.linux")
                        .property("io.spawn4j.engine", engine),
                engine,
                "module consumer");
    }

    @Test
    @Requires(Ability.ROOT)
    @DisplayName("F36: a modular application that looks up a user")
    void modularApplicationWithAUser() {
        assertStarts(
                modular("native", "nobody", "root").nativeAccess("org.jnrproject.jffi,io.spawn4j.linux"),
                "native",
                "module consumer");
    }

    @Test
    @DisplayName("F36: a modular application that names jffi's module alone draws no warning either")
    void modularApplicationWithNativeAccessForJffiAlone() {
        assertStarts(modular("native").nativeAccess("org.jnrproject.jffi"), "native", "module consumer");
    }

    @ParameterizedTest
    @EnabledForJreRange(min = JRE.JAVA_24)
    @ValueSource(strings = {"", "io.spawn4j.linux"})
    @DisplayName("F35: a modular application with --illegal-native-access=deny: the modules to name are said")
    void modularApplicationWithoutNativeAccess(String granted) {
        NestedJvm.Result result = modular("native")
                .nativeAccess(granted)
                .option("--illegal-native-access=deny")
                .run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output())
                .contains("io.spawn4j.SpawnException: ")
                .contains("start it with --enable-native-access=io.spawn4j.linux,org.jnrproject.jffi ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F35: an application on the class path of a run-time image that has java.base alone")
    void classPathOfARuntimeImage(String engine) {
        assertStarts(plain(engine).home(image).property("io.spawn4j.engine", engine), engine, "module null");
    }

    @Test
    @DisplayName("F36: a modular application on a run-time image that has java.base alone")
    void modulePathOfARuntimeImage() {
        assertStarts(
                modular("native").home(image).nativeAccess("org.jnrproject.jffi,io.spawn4j.linux"),
                "native",
                "module consumer");
    }

    /** Why it is on the image's module path, and not in the image. */
    @Test
    @DisplayName("F36: jffi is an automatic module, which jlink takes into no image")
    void jlinkRefusesJffi() {
        Command result = jdk(
                "jlink",
                "-p",
                library() + File.pathSeparator + modular,
                "--add-modules",
                "consumer,io.spawn4j.linux",
                "--output",
                directory.resolve("refused").toString());
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("automatic module", "org.jnrproject.jffi");
        assertThat(Files.exists(directory.resolve("refused").resolve("bin"))).isFalse();
    }
}
