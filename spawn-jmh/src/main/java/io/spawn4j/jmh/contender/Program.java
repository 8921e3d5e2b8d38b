// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.util.List;

/** What the benchmarks start. */
public enum Program {
    /** A static program of some hundred bytes that does nothing but exit: what is measured is the start itself. */
    TINY("tiny static program"),
    /** {@code /bin/true}, dynamically linked: most of its time goes into the kernel's exec and the dynamic loader. */
    TRUE("/bin/true"),
    /** A shell that does nothing: what most commands go through. */
    SH("/bin/sh -c :"),
    /**
     * Sleeps for the microseconds of its argument, if any, then writes the nanoseconds of CLOCK_MONOTONIC, which are
     * those of {@link System#nanoTime()}, as 8 bytes in the machine's order, and exits.
     */
    STAMP("static program that writes the time"),
    /** Waits for ever. */
    PAUSE("static program that waits"),
    /** Writes as many zero bytes as its argument says, a MiB at a time. */
    ZEROS("static program that writes zeros");

    private final String label;

    Program(String label) {
        this.label = label;
    }

    /** Those that end by themselves, at once and without a word. */
    public static List<Program> measured() {
        return List.of(TINY, TRUE, SH);
    }

    /** What a report calls it. */
    public String label() {
        return label;
    }

    /** Its path and the arguments that it always has. */
    public List<String> command() {
        return switch (this) {
            case TINY -> List.of(NativeFiles.path("tiny"));
            case TRUE -> List.of("/bin/true");
            case SH -> List.of("/bin/sh", "-c", ":");
            case STAMP -> List.of(NativeFiles.path("stamp"));
            case PAUSE -> List.of(NativeFiles.path("pause"));
            case ZEROS -> List.of(NativeFiles.path("zeros"));
        };
    }
}
