// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.benchmark.FreshStarts;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.NativeFiles;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.result.Measurement;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.HeadStart;
import io.spawn4j.jmh.suite.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JVMs that do nothing but start children: {@link FreshStarts}, each for one contender in one scenario. */
final class FreshJvms {
    private static final int TIMEOUT_MINUTES = 5;

    /** A child's number, and the nanoseconds until it was gone. */
    private static final Pattern LINE = Pattern.compile("(\\d+) (\\d+)");

    private final JvmLauncher launcher;

    /** What earlier JVMs have written, by the cell that it is for. */
    private final Map<String, Path> files = new HashMap<>();

    FreshJvms(JvmLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Measures in a JVM of its own, after another one that writes what this one is to have.
     *
     * @throws IOException with what went wrong in its first line, and all that the JVM said below
     */
    Measurement measurement(int round, Cell cell) throws IOException, InterruptedException {
        HeadStart headStart = HeadStart.of(cell.scenario());
        List<String> options = headStart.isFile() ? headStart.reading(file(cell, headStart)) : List.of();
        String said = run(command(cell, options, true));
        return new Measurement(round, cell, figures(said));
    }

    private Path file(Cell cell, HeadStart headStart) throws IOException, InterruptedException {
        Path known = files.get(cell.id());
        if (known == null) {
            known = NativeFiles.directory().resolve("head-start-" + files.size());
            known.toFile().deleteOnExit();
            String said = run(command(cell, headStart.writing(known), false));
            if (!Files.exists(known)) {
                throw new IOException("the JVM wrote no file for " + headStart + "\n" + said);
            }
            files.put(cell.id(), known);
        }
        return known;
    }

    /** @param checked whether the contender is made sure of, by classes that nobody's own archive would have */
    private List<String> command(Cell cell, List<String> options, boolean checked) throws IOException {
        Launch launch = cell.scenario().launch();
        Contender contender = cell.contender();
        List<String> command =
                new ArrayList<>(List.of(launcher.executable(launch).toString()));
        command.addAll(launch.jvmArguments());
        // Where nobody asks for an engine, spawn4j has to choose.
        if (contender != Contender.SPAWN4J_CLONE3) {
            command.addAll(contender.jvmArguments());
        }
        if (contender.callsNativeFunctions()) {
            command.addAll(Jdk.nativeAccess(launch.jdk()));
        }
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FreshStarts.class.getName(),
                contender.name(),
                Boolean.toString(HeadStart.of(cell.scenario()) == HeadStart.PREPARED),
                Boolean.toString(checked),
                Program.TINY.command().get(0)));
        command.addAll(List.of(cell.scenario().parameter("children").split(",", -1)));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("spawn4j-fresh-", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException("no end after " + TIMEOUT_MINUTES + " minutes\n" + Files.readString(log));
            }
            String said = Files.readString(log);
            if (process.exitValue() != 0) {
                throw new IOException(
                        reason(said) + "\nThe JVM ended with " + process.exitValue() + " and said:\n" + said);
            }
            return said;
        } finally {
            Files.delete(log);
        }
    }

    /** What was thrown; warnings may precede it. */
    private static String reason(String said) {
        return said.lines()
                .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Error"))
                .findFirst()
                .orElse(said.lines().findFirst().orElse("it says nothing"));
    }

    private static Map<String, Double> figures(String said) {
        Map<String, Double> figures = new HashMap<>();
        said.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            Figure figure = Figure.until(Integer.parseInt(line.group(1)));
            figures.put(figure.key(), Long.parseLong(line.group(2)) / (double) TimeUnit.MILLISECONDS.toNanos(1));
        });
        return figures;
    }
}
