// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * What to start, once with ProcessBuilder and once with SpawnBuilder, and what is seen of it, so that both can be
 * compared.
 */
public final class Recipe {
    private static final long PATIENCE_SECONDS = 60;

    /** Does something with a process and notes what came of it. */
    @FunctionalInterface
    public interface Observation {
        void look(Process process, Notes notes) throws Exception;
    }

    /** What was seen, a line for each step: its result, or its exception's type. */
    public static final class Notes {
        private final List<String> lines = new ArrayList<>();

        public void step(String name, Callable<?> step) {
            String result;
            try {
                result = String.valueOf(step.call());
            } catch (IOException e) {
                result = "IOException";
            } catch (IndexOutOfBoundsException e) {
                result = "IndexOutOfBoundsException";
            } catch (Exception e) {
                result = e.getClass().getSimpleName();
            }
            lines.add(name + ": " + result);
        }
    }

    private final List<String> command;
    private File directory;
    private Redirect input = Redirect.PIPE;
    private Redirect output = Redirect.PIPE;
    private Redirect error = Redirect.PIPE;
    private boolean merge;

    private Recipe(List<String> command) {
        this.command = command;
    }

    public static Recipe of(String... command) {
        return new Recipe(List.of(command));
    }

    public static Recipe shell(String script) {
        return of("sh", "-c", script);
    }

    Recipe in(File where) {
        directory = where;
        return this;
    }

    public Recipe input(Redirect redirect) {
        input = redirect;
        return this;
    }

    public Recipe output(Redirect redirect) {
        output = redirect;
        return this;
    }

    public Recipe error(Redirect redirect) {
        error = redirect;
        return this;
    }

    Recipe mergeError() {
        merge = true;
        return this;
    }

    Process startWithProcessBuilder() throws IOException {
        return new ProcessBuilder(command)
                .directory(directory)
                .redirectInput(input)
                .redirectOutput(output)
                .redirectError(error)
                .redirectErrorStream(merge)
                .start();
    }

    ChildProcess start() throws IOException {
        return new SpawnBuilder(command)
                .directory(directory)
                .redirectInput(input)
                .redirectOutput(output)
                .redirectError(error)
                .redirectErrorStream(merge)
                .start();
    }

    /** Looks at both processes and demands that the same was seen, which is returned. Neither outlives this call. */
    public List<String> sameOnBoth(Observation observation) throws Exception {
        List<String> expected = observe(startWithProcessBuilder(), observation);
        List<String> seen = observe(start(), observation);
        assertThat(seen).as("as with ProcessBuilder").isEqualTo(expected);
        return seen;
    }

    private static List<String> observe(Process process, Observation observation) throws Exception {
        Notes notes = new Notes();
        try {
            observation.look(process, notes);
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        return notes.lines;
    }

    /** Everything that is left in a stream, as text. */
    public static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
