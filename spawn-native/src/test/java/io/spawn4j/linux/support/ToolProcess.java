// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running test tool that talks in lines: on its stdin what to do, on its stdout what happened. */
public class ToolProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> command;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    ToolProcess(List<String> command) {
        this.command = command;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a tool, or any command that talks in lines. */
    public static ToolProcess start(List<String> command) {
        return new ToolProcess(command);
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** All lines so far. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits for a line that matches as a whole; fails with all output when it does not come within 20 s. */
    public Matcher awaitLine(String regex) {
        return awaitLines(regex, 1);
    }

    /** Waits until {@code count} lines match; the last of them. */
    public synchronized Matcher awaitLines(String regex, int count) {
        Pattern pattern = Pattern.compile(regex);
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (; ; ) {
            List<Matcher> matches = lines.stream()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .toList();
            if (matches.size() >= count) {
                return matches.get(count - 1);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (ended || left <= 0) {
                throw new IllegalStateException(
                        command + (ended ? " ended" : "") + " without a line " + regex + ": " + lines);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + regex, e);
            }
        }
    }

    /** Sends a line to its stdin. */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(command + " takes no line: " + lines(), e);
        }
    }

    /** Ends its stdin, waits for its end and returns its exit code; kills it, and fails, after 20 s. */
    public int finish() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyEnded) {
            // Its end is what is wanted.
        }
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end: " + lines());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ends", e);
        }
        return process.exitValue();
    }

    /** Waits until it has said its last line. */
    synchronized void awaitAllLines() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ended && System.nanoTime() < end) {
            try {
                wait(1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + command + " talks", e);
            }
        }
    }

    @Override
    public void close() {
        finish();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("cannot read: " + e);
        }
        end();
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
