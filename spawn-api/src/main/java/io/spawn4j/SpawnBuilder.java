// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Starts programs: every method of {@link ProcessBuilder} with the same meaning, and a {@link SpawnPolicy} that says
 * what the child inherits and when it dies.
 *
 * <pre>{@code
 * ChildProcess child = new SpawnBuilder("sha256sum", "/etc/hosts")
 *         .redirectErrorStream(true)
 *         .policy(SpawnPolicy.dieWithParent())
 *         .start();
 * String answer = new String(child.getInputStream().readAllBytes(), UTF_8);
 * ExitStatus status = child.exitStatus();
 * }</pre>
 *
 * <p>Like ProcessBuilder it may start any number of children, each with the settings of that moment, and it is not safe
 * for use by several threads at once; {@link #start()} on different builders is.
 */
public final class SpawnBuilder {
    private List<String> command;
    private @Nullable ChildEnvironment environment;
    private @Nullable File directory;
    private Redirect input = Redirect.PIPE;
    private Redirect output = Redirect.PIPE;
    private Redirect error = Redirect.PIPE;
    private boolean mergeError;
    private SpawnPolicy policy = SpawnPolicy.defaults();

    /**
     * A builder for a program and its arguments. Keeps the list, not a copy: later changes to it count.
     *
     * @param command the program and its arguments; checked by {@link #start()}
     * @throws NullPointerException if the list is null
     */
    public SpawnBuilder(List<String> command) {
        this.command = Objects.requireNonNull(command);
    }

    /**
     * A builder for a program and its arguments.
     *
     * @param command the program and its arguments, copied; checked by {@link #start()}
     * @throws NullPointerException if the array is null
     */
    public SpawnBuilder(String... command) {
        this.command = new ArrayList<>(Arrays.asList(command));
    }

    /**
     * Sets the program and its arguments. Keeps the list, not a copy: later changes to it count.
     *
     * @param command the program and its arguments; checked by {@link #start()}
     * @return this
     * @throws NullPointerException if the list is null
     */
    public SpawnBuilder command(List<String> command) {
        this.command = Objects.requireNonNull(command);
        return this;
    }

    /**
     * Sets the program and its arguments.
     *
     * @param command the program and its arguments, copied; checked by {@link #start()}
     * @return this
     * @throws NullPointerException if the array is null
     */
    public SpawnBuilder command(String... command) {
        this.command = new ArrayList<>(Arrays.asList(command));
        return this;
    }

    /**
     * The program and its arguments.
     *
     * @return the list itself: changes to it count
     */
    public List<String> command() {
        return command;
    }

    /**
     * The child's variables: at the first call a copy of {@link System#getenv()}, from then on this builder's own.
     * Changes to the map, and through its views, count. Variables that are not changed reach the child as the bytes
     * they were; a builder whose environment is never asked for passes all of them so.
     *
     * <p>The map refuses null with NullPointerException, a name with {@code =} or NUL and a value with NUL with
     * IllegalArgumentException, and questions about anything but Strings with ClassCastException.
     *
     * @return the same live map at each call
     */
    public Map<String, String> environment() {
        ChildEnvironment own = environment;
        if (own == null) {
            own = ChildEnvironment.ofThisJvm();
            environment = own;
        }
        return own;
    }

    /**
     * The child's working directory.
     *
     * @return null for the JVM's, which is the default
     */
    public @Nullable File directory() {
        return directory;
    }

    /**
     * Sets the child's working directory. A program name with a slash but none at its start is looked up from there, as
     * ProcessBuilder does on Linux.
     *
     * @param directory null for the JVM's
     * @return this
     */
    public SpawnBuilder directory(@Nullable File directory) {
        this.directory = directory;
        return this;
    }

    /**
     * Sets where the child's standard input comes from.
     *
     * @param source PIPE (the default), INHERIT or a file to read
     * @return this
     * @throws IllegalArgumentException if it is a redirect for writing
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectInput(Redirect source) {
        if (source.type() == Redirect.Type.WRITE || source.type() == Redirect.Type.APPEND) {
            throw new IllegalArgumentException("Redirect invalid for reading: " + source);
        }
        input = source;
        return this;
    }

    /**
     * Sets where the child's standard output goes.
     *
     * @param destination PIPE (the default), INHERIT, DISCARD or a file to write or append to
     * @return this
     * @throws IllegalArgumentException if it is a redirect for reading
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectOutput(Redirect destination) {
        output = forWriting(destination);
        return this;
    }

    /**
     * Sets where the child's standard error goes. Has no effect while {@link #redirectErrorStream()} is true.
     *
     * @param destination PIPE (the default), INHERIT, DISCARD or a file to write or append to
     * @return this
     * @throws IllegalArgumentException if it is a redirect for reading
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectError(Redirect destination) {
        error = forWriting(destination);
        return this;
    }

    private static Redirect forWriting(Redirect destination) {
        if (destination.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException("Redirect invalid for writing: " + destination);
        }
        return destination;
    }

    /**
     * Lets the child read its standard input from a file.
     *
     * @param file what to read
     * @return this
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectInput(File file) {
        return redirectInput(Redirect.from(file));
    }

    /**
     * Lets the child write its standard output to a file, emptied or created first.
     *
     * @param file what to write
     * @return this
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectOutput(File file) {
        return redirectOutput(Redirect.to(file));
    }

    /**
     * Lets the child write its standard error to a file, emptied or created first.
     *
     * @param file what to write
     * @return this
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder redirectError(File file) {
        return redirectError(Redirect.to(file));
    }

    /**
     * Where the child's standard input comes from.
     *
     * @return the redirect, PIPE by default
     */
    public Redirect redirectInput() {
        return input;
    }

    /**
     * Where the child's standard output goes.
     *
     * @return the redirect, PIPE by default
     */
    public Redirect redirectOutput() {
        return output;
    }

    /**
     * Where the child's standard error goes.
     *
     * @return the redirect, PIPE by default
     */
    public Redirect redirectError() {
        return error;
    }

    /**
     * Lets the child use the JVM's own standard streams.
     *
     * @return this
     */
    public SpawnBuilder inheritIO() {
        input = Redirect.INHERIT;
        output = Redirect.INHERIT;
        error = Redirect.INHERIT;
        return this;
    }

    /**
     * Whether standard error goes where standard output goes.
     *
     * @return false by default
     */
    public boolean redirectErrorStream() {
        return mergeError;
    }

    /**
     * Sets whether standard error goes where standard output goes, in the order in which the child writes.
     *
     * @param redirectErrorStream true to merge the two
     * @return this
     */
    public SpawnBuilder redirectErrorStream(boolean redirectErrorStream) {
        mergeError = redirectErrorStream;
        return this;
    }

    /**
     * Sets what the child inherits and when it dies.
     *
     * @param policy {@link SpawnPolicy#defaults()} by default
     * @return this
     * @throws NullPointerException if it is null
     */
    public SpawnBuilder policy(SpawnPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * What the child inherits and when it dies.
     *
     * @return the policy
     */
    public SpawnPolicy policy() {
        return policy;
    }

    /**
     * Starts the program. When this returns, the child is past its exec; when it throws, nothing is left of the
     * attempt.
     *
     * @return the child
     * @throws NullPointerException if an element of the command is null
     * @throws IndexOutOfBoundsException if the command is empty
     * @throws SpawnException if the command, the directory or a redirect's path contains a NUL, or if any step fails;
     *     it names the {@linkplain SpawnException#stage() stage} and the errno
     * @throws UnsupportedPolicyException if a setting of the policy cannot be honoured here
     * @throws IOException always one of the two above
     */
    public ChildProcess start() throws IOException {
        SpawnRequest request = request();
        return CurrentEngine.provider().spawn(request);
    }

    /**
     * Starts a pipeline: each program reads what the one before it writes. Every builder is checked before anything is
     * started, and if one cannot be started, those already running are killed. Without builders it gives an empty list.
     *
     * @param builders in the order of the pipeline. {@link #redirectOutput()} must be PIPE in all but the last,
     *     {@link #redirectInput()} in all but the first
     * @return the children in the same order; input of the first and output of the last are the pipeline's
     * @throws NullPointerException if a builder, or an element of a command, is null
     * @throws IndexOutOfBoundsException if a command is empty
     * @throws IllegalArgumentException if a builder inside the pipeline redirects what the pipeline connects
     * @throws IOException as {@link #start()}
     */
    public static List<ChildProcess> startPipeline(List<SpawnBuilder> builders) throws IOException {
        List<SpawnRequest> requests = requests(builders);
        return requests.isEmpty()
                ? new ArrayList<>()
                : new ArrayList<>(CurrentEngine.provider().spawnPipeline(requests));
    }

    static List<SpawnRequest> requests(List<SpawnBuilder> builders) throws SpawnException {
        List<SpawnRequest> requests = new ArrayList<>();
        int last = builders.size() - 1;
        for (SpawnBuilder builder : builders) {
            if (!requests.isEmpty() && builder.input.type() != Redirect.Type.PIPE) {
                throw new IllegalArgumentException(
                        "builder redirectInput() must be PIPE except for the first builder: " + builder.input);
            }
            if (requests.size() < last && builder.output.type() != Redirect.Type.PIPE) {
                throw new IllegalArgumentException(
                        "builder redirectOutput() must be PIPE except for the last builder: " + builder.output);
            }
            requests.add(builder.request());
        }
        return requests;
    }

    SpawnRequest request() throws SpawnException {
        String[] elements = command.toArray(new String[0]);
        RequestCheck.command(elements);
        String program = elements[0];
        RequestCheck.directory(program, directory);
        RequestCheck.redirect(program, directory, "redirectInput", input);
        RequestCheck.redirect(program, directory, "redirectOutput", output);
        if (!mergeError) {
            RequestCheck.redirect(program, directory, "redirectError", error);
        }
        return new SpawnRequest(List.of(elements), environment, directory, input, output, error, mergeError, policy);
    }
}
