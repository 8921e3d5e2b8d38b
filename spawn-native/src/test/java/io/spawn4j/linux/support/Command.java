// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A short command, run to its end with the JDK's own ProcessBuilder: what it said, on both streams, and how it ended.
 */
public record Command(int exitCode, String output) {
    private static final long DEADLINE_SECONDS = 60;

    /** Runs a command with an empty stdin. */
    public static Command run(List<String> command) {
        Path file = null;
        try {
            file = Files.createTempFile("command", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end: " + Files.readString(file));
            }
            return new Command(process.exitValue(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        } finally {
            delete(file);
        }
    }

    /** Runs a command with an empty stdin. */
    public static Command run(String... command) {
        return run(List.of(command));
    }

    /** Its output; an exit code other than 0 is an {@link IllegalStateException}. */
    public String orThrow() {
        if (exitCode != 0) {
            throw new IllegalStateException("exit code " + exitCode + ": " + output);
        }
        return output;
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
