// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What /proc says. What vanishes while it is read is left out, never an error.
 *
 * <p>Never use it on a process stuck in a file system that does not answer: reading /proc of such a process can hang.
 */
public final class ProcFs {
    /** Of a process that lives on: its threads and descriptors. */
    private static final Pattern COMES_AND_GOES = Pattern.compile("/(task|fdinfo)/");

    private ProcFs() {}

    /** The pid of this JVM. */
    public static long self() {
        return ProcessHandle.current().pid();
    }

    /** This JVM's open descriptors and what they point to, without the one that lists them. */
    public static SortedMap<Integer, String> descriptors() {
        return descriptors(self());
    }

    /** A process's open descriptors and what they point to; empty once it is a zombie or gone. */
    public static SortedMap<Integer, String> descriptors(long pid) {
        SortedMap<Integer, String> descriptors = new TreeMap<>();
        Path directory = Path.of("/proc/" + pid + "/fd");
        for (Path entry : list(directory)) {
            try {
                String link = Files.readSymbolicLink(entry).toString();
                if (!link.equals(directory.toString())) {
                    descriptors.put(Integer.valueOf(entry.getFileName().toString()), link);
                }
            } catch (IOException closedMeanwhile) {
                continue;
            }
        }
        return descriptors;
    }

    /** The pipes of which this JVM holds an end. */
    public static Set<String> pipes() {
        return descriptors().values().stream()
                .filter(target -> target.startsWith("pipe:"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the kernel says of this JVM's descriptors, by number: /proc/self/fdinfo. */
    public static SortedMap<Integer, String> descriptorInfo() {
        return texts(Path.of("/proc/" + self() + "/fdinfo"), info -> info);
    }

    /** This JVM's threads by id, with the kernel's names (15 bytes at most). */
    public static SortedMap<Integer, String> threads() {
        return threads(self());
    }

    /** A process's threads by id, with the kernel's names. */
    public static SortedMap<Integer, String> threads(long pid) {
        return texts(Path.of("/proc/" + pid + "/task"), task -> task.resolve("comm"));
    }

    /** The ids of this JVM's threads with this name. */
    public static List<Integer> threadsNamed(String name) {
        return threads().entrySet().stream()
                .filter(thread -> thread.getValue().equals(name))
                .map(SortedMap.Entry::getKey)
                .toList();
    }

    /** A field of /proc/&lt;pid&gt;/status, say {@code SigBlk}. */
    public static Optional<String> status(long pid, String field) {
        return text(Path.of("/proc/" + pid + "/status"))
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith(field + ":"))
                        .map(line -> line.substring(field.length() + 1).strip())
                        .findFirst());
    }

    /** A signal mask of /proc/&lt;pid&gt;/status: bit n-1 is signal n. */
    public static long signals(long pid, String field) {
        return Long.parseUnsignedLong(
                status(pid, field).orElseThrow(() -> new IllegalStateException("no process " + pid)), 16);
    }

    /** The one-letter state of a process ({@code Z}: a zombie), or empty when it is gone. */
    public static Optional<Character> state(long pid) {
        return stat(pid).map(fields -> fields.get(0).charAt(0));
    }

    /** The one-letter state of a thread of this JVM ({@code t}: stopped by a tracer), or empty when it is gone. */
    public static Optional<String> threadState(long thread) {
        return stat(Path.of("/proc/" + self() + "/task/" + thread + "/stat")).map(fields -> fields.get(0));
    }

    /** The fields of /proc/&lt;pid&gt;/stat behind the name, the state being number 0, or empty when it is gone. */
    public static Optional<List<String>> stat(long pid) {
        return stat(Path.of("/proc/" + pid + "/stat"));
    }

    // The name may have blanks and brackets.
    private static Optional<List<String>> stat(Path file) {
        return text(file)
                .map(stat -> List.of(
                        stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ")));
    }

    /** Whether there is a process with this number that is not a zombie. */
    public static boolean isRunning(long pid) {
        return state(pid).filter(state -> state != 'Z' && state != 'X').isPresent();
    }

    /** The children of this JVM, zombies included. */
    public static List<Long> children() {
        return children(self());
    }

    /** The children of all threads of a process, zombies included. */
    public static List<Long> children(long pid) {
        TreeSet<Long> children = new TreeSet<>();
        for (Path task : list(Path.of("/proc/" + pid + "/task"))) {
            text(task.resolve("children")).stream()
                    .flatMap(text -> text.isBlank()
                            ? List.<String>of().stream()
                            : List.of(text.strip().split(" +")).stream())
                    .map(Long::valueOf)
                    .forEach(children::add);
        }
        return List.copyOf(children);
    }

    /** The children of this JVM that have ended and that nobody has reaped. */
    public static List<Long> zombies() {
        return children().stream()
                .filter(pid -> state(pid).filter(state -> state == 'Z').isPresent())
                .toList();
    }

    /** The command line, or the name in brackets of a zombie or kernel thread; empty when it is gone. */
    public static String commandLine(long pid) {
        String line = text(Path.of("/proc/" + pid + "/cmdline"))
                .orElse("")
                .replace('\0', ' ')
                .strip();
        return line.isEmpty()
                ? status(pid, "Name").map(name -> "[" + name + "]").orElse("")
                : line;
    }

    private static List<Path> list(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException gone) {
            if (!directory.startsWith("/proc/" + self())) {
                return List.of();
            }
            throw new IllegalStateException("cannot list " + directory, gone);
        }
        return entries;
    }

    /** A text of each entry of a directory of numbers, stripped; without those that are gone meanwhile. */
    private static SortedMap<Integer, String> texts(Path directory, UnaryOperator<Path> fileOf) {
        SortedMap<Integer, String> texts = new TreeMap<>();
        for (Path entry : list(directory)) {
            text(fileOf.apply(entry))
                    .ifPresent(text ->
                            texts.put(Integer.valueOf(entry.getFileName().toString()), text.strip()));
        }
        return texts;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            if (file.startsWith("/proc/" + self())
                    && !COMES_AND_GOES.matcher(file.toString()).find()) {
                throw new UncheckedIOException(gone);
            }
            return Optional.empty();
        }
    }
}
