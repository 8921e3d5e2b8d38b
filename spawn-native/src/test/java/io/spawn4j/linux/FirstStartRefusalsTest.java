// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.MountNamespace;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first start of a JVM comes where the host, or the JVM itself, refuses what loading native code takes. */
@Tag(NestedSuite.MAIN_ONLY)
class FirstStartRefusalsTest {
    private static final Path POLICY = Path.of(System.getProperty("spawn4j.test.consumer"), "spawn4j.policy");

    private static final String DENIED = "access denied \\(\"java\\.(io|lang|util)\\.";

    @TempDir
    Path directory;

    /** Starts children, and says what the library says of the host. */
    public static final class Told {
        private Told() {}

        /** Argument: a program that ends with 3, and that number. */
        public static void main(String[] arguments) {
            say("first", start(new SpawnBuilder(arguments)));
            say("second", start(new SpawnBuilder(arguments)));
            say("capabilities", SpawnCapabilities.current());
        }
    }

    @Test
    @Requires({Ability.ROOT, Ability.MOUNT})
    @DisplayName("F35: /etc/ld.so.conf.d cannot be read")
    void unreadableLoaderConfiguration() {
        MountNamespace mounts = MountNamespace.create().empty(Path.of("/etc/ld.so.conf.d"), "mode=0700");
        try (ForeignUser user = ForeignUser.create()) {
            assertThat(user.runs(NestedJvm.of(Told.class, "/bin/sh", "-c", "ls /etc/ld.so.conf.d || exit 3")
                                    .through(mounts.launcher()))
                            .classPath(Jars.withUser(Told.class))
                            .run()
                            .orThrow())
                    .contains("first: " + STARTED + "\n", "second: " + STARTED + "\n", "capabilities: engine: native");
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    @DisplayName("F35: --illegal-native-access=deny: the option that helps is named")
    void deniedNativeAccess() {
        String remedy = "this JVM denies native access: start it with --enable-native-access=ALL-UNNAMED ";
        assertThat(guarded()
                        .nativeAccess("")
                        .option("--illegal-native-access=deny")
                        .run()
                        .orThrow())
                .containsPattern("(?m)^first: SpawnException : .*" + remedy)
                .containsPattern("(?m)^second: SpawnException : .*" + remedy)
                .containsPattern("(?m)^capabilities: engine: none .*" + remedy);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    @DisplayName("F35: --illegal-native-access=deny, and native access is enabled")
    void enabledNativeAccess() {
        assertThat(guarded().option("--illegal-native-access=deny").run().orThrow())
                .contains("first: " + STARTED + "\n")
                .doesNotContain("WARNING");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    @DisplayName("F35: a security manager that grants nothing: the permission is named")
    void securityManagerThatGrantsNothing() throws IOException {
        assertThat(underSecurityManager("").run().orThrow())
                .containsPattern("(?m)^first: SpawnException : the security manager .*" + DENIED + "FilePermission")
                .containsPattern("(?m)^second: SpawnException : the security manager .*" + DENIED + "FilePermission")
                .containsPattern(
                        "(?m)^capabilities: engine: none \\(the security manager .*" + DENIED + "FilePermission");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    @DisplayName(
            "F35: a security manager that grants all to the library and nothing to its caller: the permission is named")
    void securityManagerThatGrantsNothingToTheCaller() throws IOException {
        assertThat(underSecurityManager(toTheLibrary("java.security.AllPermission"))
                        .run()
                        .orThrow())
                .containsPattern("(?m)^first: SpawnException : the security manager .*" + DENIED + "FilePermission")
                .containsPattern("(?m)^second: SpawnException : the security manager .*" + DENIED + "FilePermission");
    }

    @ParameterizedTest
    @ValueSource(strings = {"setContextClassLoader", "os.name", "loadLibrary.*", "getenv.*", "/proc/self/environ"})
    @EnabledForJreRange(max = JRE.JAVA_23)
    @DisplayName("F35: a security manager that lacks one grant: the permission is named, and again at the next start")
    void securityManagerThatLacksAGrant(String lacking) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(POLICY));
        assertThat(lines.removeIf(line -> line.contains("RuntimePermission \"" + lacking + "\"")
                        || line.contains("PropertyPermission \"" + lacking + "\"")
                        || line.contains("FilePermission \"" + lacking + "\"")))
                .isTrue();
        assertThat(underSecurityManager(String.join("\n", lines)).run().orThrow())
                .containsPattern("(?m)^first: SpawnException .*" + DENIED)
                .containsPattern("(?m)^second: SpawnException .*" + DENIED)
                .containsPattern("(?m)^capabilities: engine: none .*" + DENIED)
                .doesNotContain("\tat ");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    @DisplayName("F35: a security manager that grants what it takes")
    void securityManagerThatGrantsEnough() throws IOException {
        assertThat(underSecurityManager(Files.readString(POLICY)).run().orThrow())
                .contains("first: " + STARTED + "\n", "second: " + STARTED + "\n", "capabilities: engine: native");
    }

    private static String toTheLibrary(String permission) {
        return "grant codeBase \"file:" + Jars.directory() + "/*\" { permission " + permission + "; };\n";
    }

    private NestedJvm underSecurityManager(String policy) throws IOException {
        Path file = Files.writeString(directory.resolve("policy"), policy);
        return guarded()
                .option("-Djava.security.manager")
                .option("-Djava.security.policy==" + file)
                .property("spawn4j.test.library", Jars.directory().toString());
    }

    private static NestedJvm guarded() {
        return Jars.jvm(Told.class, TestTools.path("tiny"), "3");
    }
}
