// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnEngine;
import io.spawn4j.SpawnException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What main classes of {@link Jars#jvm users' JVMs} have in common. It knows the JDK and spawn4j only, as they must.
 */
public final class UserCode {
    /** What {@link #start()} says of a child that has started and ended as it should. */
    public static final String STARTED = "started";

    private UserCode() {}

    /** A child that ends with 3 at once. */
    public static SpawnBuilder tiny() {
        return new SpawnBuilder(new File(System.getProperty("spawn4j.test.tools"), "tiny").getPath(), "3");
    }

    /** Starts a child and awaits its end: {@link #STARTED}, or in one line what is wrong. */
    public static String start() {
        return start(tiny());
    }

    /** The same with a program of one's own that does as {@link #tiny()} does. */
    public static String start(SpawnBuilder program) {
        try {
            return outcomeOf(program.start());
        } catch (SpawnException e) {
            return inOneLine("SpawnException " + e.errnoName() + ": " + e.getMessage());
        } catch (IOException e) {
            return inOneLine(e.toString());
        } catch (Throwable e) { // what no start may throw
            return inOneLine("not to be thrown: " + e + ", caused by " + e.getCause());
        }
    }

    private static String inOneLine(String text) {
        return text.replace("\n", " | ");
    }

    private static String outcomeOf(Process child) throws IOException {
        child.getInputStream().readAllBytes();
        boolean interrupted = false;
        while (true) {
            try {
                int exit = child.waitFor();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                child.getInputStream().close();
                child.getOutputStream().close();
                child.getErrorStream().close();
                return exit == 3 ? STARTED : "exit " + exit;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** The engine that runs. Other than {@link io.spawn4j.SpawnCapabilities#current()} it brings up no SLF4J. */
    public static String engine() {
        return SpawnEngine.prepare().join().engine();
    }

    /** Ends the engine: "shut down", or why not. */
    public static String shutDown() {
        try {
            SpawnEngine.shutdown();
            return "shut down";
        } catch (IllegalStateException e) {
            return "refused: " + e.getMessage();
        }
    }

    /** A line of output. */
    public static void say(String what, Object value) {
        System.out.println(what + ": " + value);
    }

    /** How many descriptors this process has. */
    public static long descriptors() throws IOException {
        return entries("/proc/self/fd") - 1; // without that of the directory
    }

    /** How many threads. */
    public static long threads() throws IOException {
        return entries("/proc/self/task");
    }

    /** How many mappings of memory. */
    public static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }

    private static long entries(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.count();
        }
    }
}
