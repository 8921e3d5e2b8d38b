// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM that outlives the files it was started from. */
class UpgradedJdkTest {
    private static final Path HELPER = Path.of("lib", "jspawnhelper");

    /** What the upgrade makes of jspawnhelper. */
    private enum Upgrade {
        GONE,
        REFUSES {
            @Override
            void apply(Path helper) throws IOException {
                super.apply(helper);
                Files.writeString(helper, "#!/bin/sh\nexit 1\n");
                assertThat(helper.toFile().setExecutable(true)).isTrue();
            }
        };

        void apply(Path helper) throws IOException {
            Files.delete(helper);
        }
    }

    /** Starts children, upgrades its own JDK, and starts children again. */
    public static final class Outdated {
        private Outdated() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            Path home = Path.of(System.getProperty("java.home"));
            assertThat(home).isEqualTo(Path.of(arguments[0]));
            List<String> program = TestTools.command("tiny", "7");
            assertThat(new ProcessBuilder(program).start().waitFor()).isEqualTo(7);
            Upgrade.valueOf(arguments[1]).apply(home.resolve(HELPER));
            assertThatThrownBy(() -> new ProcessBuilder(program).start())
                    .as("ProcessBuilder fails this test")
                    .isInstanceOf(IOException.class);
            assertThat(new SpawnBuilder(program).start().exitStatus()).isEqualTo(new ExitStatus.Exited(7));
        }
    }

    @ParameterizedTest
    @EnumSource(Upgrade.class)
    @DisplayName("F7: a JDK upgraded in place stops ProcessBuilder, and nothing here")
    void childrenStartAfterAnUpgradeInPlace(Upgrade upgrade) throws IOException {
        Path directory = Files.createTempDirectory("upgraded-jdk").toRealPath();
        try {
            Path home = directory.resolve("jdk");
            copy(Path.of(System.getProperty("java.home")), home);
            NestedJvm.of(Outdated.class, home.toString(), upgrade.name())
                    .home(home)
                    .run()
                    .orThrow();
        } finally {
            // JUnit would warn of each link.
            Command.run("rm", "-rf", directory.toString()).orThrow();
        }
    }

    /** Links to all files but those that tell the JVM where its home is. */
    private static void copy(Path from, Path to) throws IOException {
        Command.run("cp", "--recursive", "--symbolic-link", from.toString(), to.toString())
                .orThrow();
        for (Path file : List.of(Path.of("bin", "java"), Path.of("lib", "server", "libjvm.so"))) {
            Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
