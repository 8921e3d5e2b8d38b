// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A JVM of the same JDK, started with the JDK's own ProcessBuilder on the test class path, if need be through another
 * program (seccomp-run, sigrun, taskset, setpriv) that execs it.
 *
 * <p>It inherits this JVM's {@code spawn4j.test.*}, {@code io.spawn4j.*} and {@code org.slf4j.*} properties.
 */
public final class NestedJvm {
    private static final Pattern INHERITED = Pattern.compile("(spawn4j\\.test|io\\.spawn4j|org\\.slf4j)\\..*");
    /** From this release on, loading a native library without leave is a warning. */
    private static final int RESTRICTED_METHODS = 22;

    private final String mainClass;
    private final List<String> arguments;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private Path home = Path.of(System.getProperty("java.home"));
    private String classPath = System.getProperty("spawn4j.test.classpath", System.getProperty("java.class.path"));
    private String nativeAccess = "ALL-UNNAMED";
    private String module = "";
    private File directory;
    private Duration deadline = Duration.ofSeconds(120);

    private NestedJvm(String mainClass, List<String> arguments) {
        this.mainClass = mainClass;
        this.arguments = arguments;
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> INHERITED.matcher(name).matches())
                .forEach(name -> properties.put(name, System.getProperty(name)));
        properties.remove("spawn4j.test.classpath");
    }

    /** One that runs this class's main method. */
    public static NestedJvm of(Class<?> mainClass, String... arguments) {
        return new NestedJvm(mainClass.getName(), List.of(arguments));
    }

    /** One that runs the main method of a class which is no class of this JVM. */
    public static NestedJvm of(String mainClass, String... arguments) {
        return new NestedJvm(mainClass, List.of(arguments));
    }

    /** Puts a launcher in front; of several, the first is outermost. */
    public NestedJvm through(List<String> launcher) {
        prefix.addAll(launcher);
        return this;
    }

    /** Puts a launcher in front; of several, the first is outermost. */
    public NestedJvm through(String... launcher) {
        return through(List.of(launcher));
    }

    /** Sets a system property. */
    public NestedJvm property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Adds an option of the java command. */
    public NestedJvm option(String option) {
        options.add(option);
        return this;
    }

    /** Sets an environment variable. */
    public NestedJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Replaces the class path. */
    public NestedJvm classPath(String path) {
        classPath = path;
        return this;
    }

    /** Runs the main class as one of this module, with this path of modules in place of a class path. */
    public NestedJvm module(String name, String modulePath) {
        module = name;
        classPath = modulePath;
        return this;
    }

    /**
     * The modules that may load native libraries, {@code ALL-UNNAMED} unless told otherwise; empty for no such option.
     */
    public NestedJvm nativeAccess(String modules) {
        nativeAccess = modules;
        return this;
    }

    /** Takes the java command of another JDK. */
    public NestedJvm home(Path jdk) {
        home = jdk;
        return this;
    }

    /** Starts it in another directory. */
    public NestedJvm directory(Path path) {
        directory = path.toFile();
        return this;
    }

    /** How long {@link Running#await()} waits before it takes a thread dump and kills; 120 s unless told otherwise. */
    public NestedJvm deadline(Duration duration) {
        deadline = duration;
        return this;
    }

    /** Starts it. */
    public Running start() {
        try {
            Path output = Files.createTempFile("nested-jvm", ".out");
            ProcessBuilder builder = new ProcessBuilder(command())
                    .directory(directory)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            return new Running(builder.start(), output, deadline);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, ends its stdin and waits for its end. */
    public Result run() {
        return start().await();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(prefix);
        command.add(home.resolve("bin").resolve("java").toString());
        command.add("-Xmx256m");
        // Most live for a second: the second compiler would only cost them start-up time.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        if (Runtime.version().feature() >= RESTRICTED_METHODS && !nativeAccess.isEmpty()) {
            command.add("--enable-native-access=" + nativeAccess);
        }
        command.addAll(options);
        command.add("-Dspawn4j.test.classpath=" + classPath);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        if (module.isEmpty()) {
            command.addAll(List.of("-cp", classPath, mainClass));
        } else {
            command.addAll(List.of("-p", classPath, "-m", module + "/" + mainClass));
        }
        command.addAll(arguments);
        return command;
    }

    /** How it ended and all it said. An exit by signal n is 128 + n. */
    public record Result(int exitCode, boolean timedOut, String output) {
        /** Its output; an {@link AssertionError} with it unless it ended by itself with 0. */
        public String orThrow() {
            if (timedOut || exitCode != 0) {
                throw new AssertionError(
                        (timedOut ? "killed at its deadline" : "exit code " + exitCode) + ":\n" + output);
            }
            return output;
        }
    }

    /** A JVM that runs. */
    public static final class Running extends DeadlinedProcess {
        Running(Process process, Path output, Duration deadline) {
            super(process, output, deadline);
        }

        /** Ends its stdin and waits for its end; at the deadline it is asked for a thread dump, and killed. */
        public Result await() {
            boolean timedOut = !awaitEnd();
            return new Result(process().exitValue(), timedOut, takeOutput());
        }

        private String takeOutput() {
            String text = outputSoFar();
            try {
                Files.delete(output());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text;
        }

        /** What it has said so far. */
        public String outputSoFar() {
            try {
                return new String(Files.readAllBytes(output()), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
