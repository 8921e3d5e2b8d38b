// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SpawnPipelineTest {
    private static final File FILE = new File("/nonexistent/file");

    private static final List<Redirect> OUTPUTS =
            List.of(Redirect.to(FILE), Redirect.appendTo(FILE), Redirect.DISCARD, Redirect.INHERIT);
    private static final List<Redirect> INPUTS = List.of(Redirect.from(FILE), Redirect.INHERIT);

    @ParameterizedTest
    @FieldSource("OUTPUTS")
    void refusesAnOutputInsideLikeProcessBuilder(Redirect output) {
        Outcome jdk = Outcome.of(() -> ProcessBuilder.startPipeline(
                List.of(new ProcessBuilder("/bin/true").redirectOutput(output), new ProcessBuilder("/bin/true"))));
        assertThat(jdk.thrown()).isEqualTo(IllegalArgumentException.class);
        assertThat(Outcome.of(() -> SpawnBuilder.startPipeline(
                        List.of(new SpawnBuilder("/bin/true").redirectOutput(output), new SpawnBuilder("/bin/true")))))
                .isEqualTo(jdk);
    }

    @ParameterizedTest
    @FieldSource("INPUTS")
    void refusesAnInputInsideLikeProcessBuilder(Redirect input) {
        Outcome jdk = Outcome.of(() -> ProcessBuilder.startPipeline(
                List.of(new ProcessBuilder("/bin/true"), new ProcessBuilder("/bin/true").redirectInput(input))));
        assertThat(jdk.thrown()).isEqualTo(IllegalArgumentException.class);
        assertThat(Outcome.of(() -> SpawnBuilder.startPipeline(
                        List.of(new SpawnBuilder("/bin/true"), new SpawnBuilder("/bin/true").redirectInput(input)))))
                .isEqualTo(jdk);
    }

    @Test
    void refusesInputBeforeOutput() {
        List<SpawnBuilder> builders =
                builders(3, middle -> middle.redirectInput(FILE).redirectOutput(FILE));
        assertThatThrownBy(() -> SpawnBuilder.startPipeline(builders))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("builder redirectInput()");
    }

    @Test
    void checksEveryBuilderBeforeAnEngineIsAsked() {
        assertThatThrownBy(() -> SpawnBuilder.startPipeline(
                        List.of(new SpawnBuilder("x"), new SpawnBuilder("x"), new SpawnBuilder("x", "\0"))))
                .hasMessageStartingWith("invalid null character in command");
        assertThatThrownBy(() -> SpawnBuilder.startPipeline(List.of(new SpawnBuilder("x"), new SpawnBuilder())))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> SpawnBuilder.startPipeline(Arrays.asList(new SpawnBuilder("x"), null)))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SpawnBuilder.startPipeline(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void endsAndErrorsMayBeRedirected() throws Exception {
        List<SpawnBuilder> builders = builders(3, middle -> middle.redirectError(FILE));
        builders.get(0).redirectInput(FILE).redirectErrorStream(true);
        builders.get(2).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);

        List<SpawnRequest> requests = SpawnBuilder.requests(builders);

        assertThat(requests)
                .extracting(SpawnRequest::input)
                .containsExactly(Redirect.from(FILE), Redirect.PIPE, Redirect.PIPE);
        assertThat(requests)
                .extracting(SpawnRequest::output)
                .containsExactly(Redirect.PIPE, Redirect.PIPE, Redirect.DISCARD);
        assertThat(requests)
                .extracting(SpawnRequest::error)
                .containsExactly(Redirect.PIPE, Redirect.to(FILE), Redirect.INHERIT);
        assertThat(requests).extracting(SpawnRequest::mergeError).containsExactly(true, false, false);
    }

    @Test
    void ofNoBuildersIsEmptyAndNeedsNoEngine() throws Exception {
        List<ChildProcess> none = SpawnBuilder.startPipeline(List.of());
        assertThat(none).isEmpty();
        none.add(null);
        assertThat(none).as("as mutable as ProcessBuilder's").hasSize(1);
    }

    private static List<SpawnBuilder> builders(int count, Consumer<SpawnBuilder> middle) {
        SpawnBuilder[] builders = new SpawnBuilder[count];
        Arrays.setAll(builders, i -> new SpawnBuilder("program" + i));
        middle.accept(builders[count / 2]);
        return List.of(builders);
    }
}
