// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a child started with, in its own words: the lines of the tool {@code sigstate} by key. */
public final class ChildState {
    private ChildState() {}

    /** That of a child started by spawn4j. */
    public static Map<String, String> under(SpawnPolicy policy) {
        return of(new SpawnBuilder(TestTools.path("sigstate")).policy(policy));
    }

    /** That of a child started by this builder, whose command is sigstate. */
    public static Map<String, String> of(SpawnBuilder builder) {
        return parse(output(start(builder)));
    }

    /** That of a child started by the JDK. */
    public static Map<String, String> ofProcessBuilder() {
        try {
            return parse(output(new ProcessBuilder(TestTools.path("sigstate")).start()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a child; a failure is an {@link UncheckedIOException}. */
    public static Process start(SpawnBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that the child writes to stdout; an {@link IllegalStateException} unless it ends with 0. */
    public static String output(Process child) {
        try {
            String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = child.waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException("exit code " + exitCode + ": " + text
                        + new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a child ran", e);
        }
    }

    private static Map<String, String> parse(String output) {
        Map<String, String> state = new LinkedHashMap<>();
        output.lines().forEach(line -> {
            int equals = line.indexOf('=');
            state.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return state;
    }
}
