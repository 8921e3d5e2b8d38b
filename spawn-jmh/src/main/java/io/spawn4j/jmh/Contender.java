// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;

/**
 * Everyone who is measured, each behind the same call.
 *
 * <p>Three of them are chosen by a system property that is read once, so each contender runs in JVMs of its own, started with
 * {@link #jvmArguments()}.
 */
public enum Contender {
    /** The native engine, cloning with clone3. */
    SPAWN4J_CLONE3("spawn4j native, clone3"),
    /** The native engine, cloning with clone, as it does where a container's profile hides clone3. */
    SPAWN4J_CLONE("spawn4j native, clone"),
    /** The engine on libc's posix_spawn. */
    SPAWN4J_POSIX_SPAWN("spawn4j posix_spawn"),
    /** The JDK with its default mechanism, jspawnhelper. */
    PROCESS_BUILDER("ProcessBuilder, default"),
    /** The JDK with its vfork mechanism. */
    PROCESS_BUILDER_VFORK("ProcessBuilder, VFORK"),
    /** posix_spawn and waitid in C, called through jnr-ffi in the same process: the yardstick. */
    C_POSIX_SPAWN("C, posix_spawn + waitid");

    private static final File DEV_NULL = new File("/dev/null");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    private Map<String, String> properties() {
        return switch (this) {
            case SPAWN4J_CLONE3 -> Map.of("io.spawn4j.engine", "native", "io.spawn4j.native.clone", "clone3");
            case SPAWN4J_CLONE -> Map.of("io.spawn4j.engine", "native", "io.spawn4j.native.clone", "clone");
            case SPAWN4J_POSIX_SPAWN -> Map.of("io.spawn4j.engine", "posix_spawn");
            case PROCESS_BUILDER_VFORK -> Map.of("jdk.lang.Process.launchMechanism", "VFORK");
            case PROCESS_BUILDER, C_POSIX_SPAWN -> Map.of();
        };
    }

    /** What the JVM that measures this contender must be started with. */
    List<String> jvmArguments() {
        return properties().entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .sorted()
                .toList();
    }

    /** Throws unless this JVM runs the contender that it is asked for: a label over another's figures is worse than none. */
    void requireThisJvm() {
        properties().forEach((name, value) -> {
            if (!value.equals(System.getProperty(name))) {
                throw new IllegalStateException(this + " needs a JVM with " + String.join(" ", jvmArguments())
                        + ": run it through " + Report.class.getName());
            }
        });
        String engine = properties().get("io.spawn4j.engine");
        if (engine != null && !isServedBy(engine, SpawnCapabilities.current())) {
            throw new IllegalStateException(
                    this + " was asked for, but what runs here is\n" + SpawnCapabilities.current());
        }
    }

    private boolean isServedBy(String engine, SpawnCapabilities current) {
        boolean clone3 = current.rows().stream().anyMatch(row -> row.name().startsWith("clone3") && row.available());
        return engine.equals(current.engine()) && clone3 == (this == SPAWN4J_CLONE3);
    }

    /**
     * Starts the program without arguments, waits for it, checks that its exit code is 0 and closes what is left of it.
     *
     * @param pipes three pipes to the child as its standard streams (a builder's default); otherwise /dev/null, opened
     *     anew for each of them
     */
    void spawnAndWait(Program program, boolean pipes) throws IOException, InterruptedException {
        switch (this) {
            case SPAWN4J_CLONE3, SPAWN4J_CLONE, SPAWN4J_POSIX_SPAWN -> {
                SpawnBuilder builder = new SpawnBuilder(program.path());
                if (!pipes) {
                    builder.redirectInput(DEV_NULL)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD);
                }
                finish(builder.start(), pipes);
            }
            case PROCESS_BUILDER, PROCESS_BUILDER_VFORK -> {
                ProcessBuilder builder = new ProcessBuilder(program.path());
                if (!pipes) {
                    builder.redirectInput(DEV_NULL)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD);
                }
                finish(builder.start(), pipes);
            }
            case C_POSIX_SPAWN -> CLibrary.instance().spawnAndWait(program, pipes);
        }
    }

    private void finish(Process process, boolean pipes) throws IOException, InterruptedException {
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(this + ": the child ended with " + code);
        }
        if (pipes) {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }
}
