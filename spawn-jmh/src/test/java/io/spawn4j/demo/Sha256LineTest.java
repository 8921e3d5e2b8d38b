// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256LineTest {
    private static final String DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void plainName() {
        assertThat(Sha256Line.parse(DIGEST + "  /usr/bin/x y\n")).isEqualTo(new Sha256Line(DIGEST, "/usr/bin/x y"));
    }

    @Test
    void binaryMode() {
        assertThat(Sha256Line.parse(DIGEST + " *x\n").name()).isEqualTo("x");
    }

    @Test
    void leadingBackslashAnnouncesEscapes() {
        assertThat(Sha256Line.parse("\\" + DIGEST + "  a\\\\b\\nc\\rd\n").name())
                .isEqualTo("a\\b\nc\rd");
    }

    @Test
    void withoutItNothingIsAnEscape() {
        assertThat(Sha256Line.parse(DIGEST + "  a\\nb\n").name()).isEqualTo("a\\nb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                DIGEST + "\n",
                DIGEST + "  x",
                DIGEST + "  x\ny\n",
                "E" + DIGEST + "  x\n",
                "\\" + DIGEST + "  x\\\n",
                "\\" + DIGEST + "  x\\y\n",
                "sha256sum: x: No such file or directory\n"
            })
    void anythingElseIsRefused(String output) {
        assertThatThrownBy(() -> Sha256Line.parse(output)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "-dash", "back\\slash", "new\nline", "return\rcarriage", "both\\\n", " * "})
    void realSha256sumAgreesAboutNames(String name, @TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve(name));

        assertThat(Checksum.inChild(Starter.PROCESS_BUILDER, file))
                .isEqualTo(Checksum.inJava(file))
                .isEqualTo(DIGEST);
    }
}
