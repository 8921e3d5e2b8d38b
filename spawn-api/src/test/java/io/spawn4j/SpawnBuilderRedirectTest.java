// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SpawnBuilderRedirectTest {
    private static final File FILE = new File("/nonexistent/file");
    private static final List<Redirect> REDIRECTS = Arrays.asList(
            Redirect.PIPE,
            Redirect.INHERIT,
            Redirect.DISCARD,
            Redirect.from(FILE),
            Redirect.to(FILE),
            Redirect.appendTo(FILE),
            null);

    @ParameterizedTest
    @FieldSource("REDIRECTS")
    void acceptsAndRefusesWhatProcessBuilderDoes(Redirect redirect) {
        same(
                (jdk, ours) -> jdk.redirectInput(redirect).redirectInput(),
                (jdk, ours) -> ours.redirectInput(redirect).redirectInput());
        same(
                (jdk, ours) -> jdk.redirectOutput(redirect).redirectOutput(),
                (jdk, ours) -> ours.redirectOutput(redirect).redirectOutput());
        same(
                (jdk, ours) -> jdk.redirectError(redirect).redirectError(),
                (jdk, ours) -> ours.redirectError(redirect).redirectError());
    }

    private static void same(
            BiFunction<ProcessBuilder, SpawnBuilder, Object> jdk,
            BiFunction<ProcessBuilder, SpawnBuilder, Object> ours) {
        Outcome expected = Outcome.of(() -> jdk.apply(new ProcessBuilder("x"), null));
        Outcome actual = Outcome.of(() -> ours.apply(null, new SpawnBuilder("x")));
        if (expected.thrown() == NullPointerException.class) {
            assertThat(actual.typeOnly()).isEqualTo(expected.typeOnly());
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void refusedRedirectChangesNothing() {
        SpawnBuilder builder = new SpawnBuilder("x").redirectInput(FILE);
        assertThatThrownBy(() -> builder.redirectInput(Redirect.DISCARD)).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.redirectInput()).isEqualTo(Redirect.from(FILE));
    }

    @Test
    void filesAreReadAndOverwritten() {
        SpawnBuilder builder = new SpawnBuilder("x");
        assertThat(builder.redirectInput(FILE)).isSameAs(builder);
        assertThat(builder.redirectOutput(FILE)).isSameAs(builder);
        assertThat(builder.redirectError(FILE)).isSameAs(builder);
        assertThat(builder.redirectInput()).isEqualTo(Redirect.from(FILE));
        assertThat(builder.redirectOutput()).isEqualTo(Redirect.to(FILE));
        assertThat(builder.redirectError()).isEqualTo(Redirect.to(FILE));
    }

    @Test
    void nullFilesAreRefused() {
        SpawnBuilder builder = new SpawnBuilder("x");
        assertThatThrownBy(() -> builder.redirectInput((File) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.redirectOutput((File) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.redirectError((File) null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void defaultsArePipes() throws Exception {
        SpawnRequest request = new SpawnBuilder("x").request();
        assertThat(List.of(request.input(), request.output(), request.error())).containsOnly(Redirect.PIPE);
        assertThat(request.mergeError()).isFalse();
    }

    @Test
    void inheritIoSetsAllThree() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("x");
        assertThat(builder.inheritIO()).isSameAs(builder);
        SpawnRequest request = builder.request();
        assertThat(List.of(request.input(), request.output(), request.error())).containsOnly(Redirect.INHERIT);
    }

    @Test
    void mergingKeepsTheErrorRedirectForLater() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("x").redirectError(FILE);
        assertThat(builder.redirectErrorStream(true)).isSameAs(builder);
        assertThat(builder.redirectErrorStream()).isTrue();
        assertThat(builder.request().mergeError()).isTrue();
        assertThat(builder.redirectError()).isEqualTo(Redirect.to(FILE));
        assertThat(builder.redirectErrorStream(false).request().mergeError()).isFalse();
    }

    @Test
    @DisplayName("F23: a NUL in a redirect's path is refused at stage redirect, with the JDK's opening words")
    void nulInAPathIsRefused() {
        File file = new File("/tmp/a\0b");
        String jdk = Outcome.of(() ->
                        new ProcessBuilder("/bin/true").redirectInput(file).start())
                .message();
        assertThat(jdk).isEqualTo("Cannot run program \"/bin/true\": Invalid file path");

        for (SpawnBuilder builder : List.of(
                new SpawnBuilder("/bin/true").redirectInput(file),
                new SpawnBuilder("/bin/true").redirectOutput(file),
                new SpawnBuilder("/bin/true").redirectError(file))) {
            assertThatThrownBy(builder::start)
                    .hasMessageStartingWith(jdk)
                    .hasMessageEndingWith("null character at 6")
                    .asInstanceOf(type(SpawnException.class))
                    .extracting(SpawnException::stage)
                    .isEqualTo(SpawnStage.REDIRECT);
        }
    }

    @Test
    void ignoredErrorRedirectIsNotChecked() throws Exception {
        SpawnBuilder builder =
                new SpawnBuilder("x").redirectError(new File("\0")).redirectErrorStream(true);
        assertThat(builder.request().mergeError()).isTrue();
    }
}
