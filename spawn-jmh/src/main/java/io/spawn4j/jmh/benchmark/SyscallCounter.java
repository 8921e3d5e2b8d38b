// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An strace(1) of this JVM and of the children that it starts meanwhile, which counts. */
final class SyscallCounter {
    /** How often one system call was made. */
    record Row(String name, long calls) {}

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** % time, seconds, usecs/call, calls, errors (or nothing), syscall. */
    private static final Pattern ROW =
            Pattern.compile("\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)");

    private final Process strace;
    private final Path table;

    private SyscallCounter(Process strace, Path table) {
        this.strace = strace;
        this.table = table;
    }

    /** Returns when every thread of this JVM is traced. */
    static SyscallCounter attach() throws IOException, InterruptedException {
        Path table = Files.createTempFile("spawn4j-syscalls-", ".txt");
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-c",
                        "-o",
                        table.toString(),
                        "-p",
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!allThreadsTraced()) {
            if (!strace.isAlive() || System.nanoTime() > end) {
                strace.destroyForcibly();
                Files.delete(table);
                throw new IOException("strace cannot attach to this JVM");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return new SyscallCounter(strace, table);
    }

    /** Ends the count. */
    List<Row> detach() throws IOException, InterruptedException {
        // Interrupted, it detaches and prints; SIGTERM would do as well.
        strace.destroy();
        strace.waitFor();
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(table, StandardCharsets.UTF_8)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && !row.group(2).equals("total")) {
                rows.add(new Row(row.group(2), Long.parseLong(row.group(1))));
            }
        }
        Files.delete(table);
        if (rows.isEmpty()) {
            throw new IOException("strace counted nothing");
        }
        return rows;
    }

    private static boolean allThreadsTraced() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                Path status = thread.resolve("status");
                if (Files.exists(status) && Files.readAllLines(status).contains("TracerPid:\t0")) {
                    return false;
                }
            }
            return true;
        }
    }
}
