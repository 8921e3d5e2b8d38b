// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.spi;

import io.spawn4j.SpawnPolicy;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one start asks of an engine, already checked: no null, no NUL in an argument, variable or path, redirects in the
 * right direction.
 *
 * @param command the program and its arguments, at least one; unmodifiable
 * @param environment the child's variables, or null for the JVM's own, byte for byte. A read-only view of the builder's
 *     map: to be read before the start returns, and not to be kept
 * @param directory the child's working directory, or null for the JVM's
 * @param input where standard input comes from
 * @param output where standard output goes
 * @param error where standard error goes; without meaning if mergeError
 * @param mergeError whether standard error goes where standard output goes, and {@code getErrorStream()} is empty
 * @param policy what the child inherits and when it dies
 */
public record SpawnRequest(
        List<String> command,
        @Nullable Map<String, String> environment,
        @Nullable File directory,
        Redirect input,
        Redirect output,
        Redirect error,
        boolean mergeError,
        SpawnPolicy policy) {

    /**
     * Refuses null where it has no meaning.
     *
     * @param command the program and its arguments
     * @param environment the child's variables, or null for the JVM's own
     * @param directory the child's working directory, or null for the JVM's
     * @param input where standard input comes from
     * @param output where standard output goes
     * @param error where standard error goes
     * @param mergeError whether standard error goes where standard output goes
     * @param policy what the child inherits and when it dies
     * @throws IllegalArgumentException if command is empty
     */
    public SpawnRequest {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is empty");
        }
        environment = environment == null ? null : Collections.unmodifiableMap(environment);
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(policy, "policy");
    }

    /**
     * The command and the policy. Not the environment, which may hold secrets.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "SpawnRequest{command=" + command + ", directory=" + directory + ", policy=" + policy + "}";
    }
}
