// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A process whose output goes to a file and which is killed, with its descendants, when it takes too long. */
abstract class DeadlinedProcess implements AutoCloseable {
    private static final int SIGQUIT = 3;
    private static final Duration DUMP_TIME = Duration.ofSeconds(5);

    private final Process process;
    private final Path output;
    private final Duration deadline;

    DeadlinedProcess(Process process, Path output, Duration deadline) {
        this.process = process;
        this.output = output;
        this.deadline = deadline;
    }

    /** The process as the JDK knows it; its stdin is open until its end is awaited. */
    public Process process() {
        return process;
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    Path output() {
        return output;
    }

    /** Waits until its output has a line that matches; fails when it has ended without, or at the deadline. */
    public Matcher awaitLine(String regex) {
        Pattern pattern = Pattern.compile("(?m)^" + regex + "$");
        try {
            return Awaitility.await(regex)
                    .atMost(deadline)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> {
                                boolean ended = !process.isAlive();
                                Matcher matcher = pattern.matcher(Files.readString(output));
                                boolean found = matcher.find();
                                if (ended && !found) {
                                    throw new IllegalStateException("ended without it");
                                }
                                return found ? matcher : null;
                            },
                            found -> found != null);
        } catch (ConditionTimeoutException | IllegalStateException e) {
            throw new AssertionError("no line " + regex + ":\n" + read(), e);
        }
    }

    /** Kills it at once if it still runs, and deletes its output. */
    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** false when it had to be killed. */
    boolean awaitEnd() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyEnded) {
            // Its end is what is waited for.
        }
        try {
            if (process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            // Unless the launcher forks, the process itself is the JVM.
            TestTools.natives().kill((int) process.pid(), SIGQUIT);
            process.waitFor(DUMP_TIME.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a nested JVM ran", e);
        }
        kill();
        return false;
    }

    private void kill() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    private String read() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
