// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A picture of this JVM's descriptors, threads and children, and the demand that nothing is added to it.
 *
 * <p>Spawn once before {@link #begin()}: the library's own threads and descriptors appear at first use. What the JVM
 * itself opens and starts when it likes (jars, compiler threads, the JDK's process reapers) does not count, nor does
 * the library's cleaner thread, which stays from the first stream on that needs it, nor its one descriptor of
 * spawn4j-init.
 */
public final class LeakCheck {
    private static final Pattern JVM_THREADS = Pattern.compile(
            "(C1|C2|GC|G1|VM|Sweeper|Common-|Signal|Attach|Monitor"
                    + "|Reference|Finalizer|Notification|Service|Shenandoah|ZGC|XWorker|Parallel|Gang|process reaper|ForkJoinPool"
                    + "|VirtualThread|RMI|JNA|awaitility|surefire|junit-jupiter-t|ping-|Read-Poller|Write-Poller|output of |spawn4j-cleaner).*");
    private static final Pattern JVM_FILES =
            Pattern.compile(".*(\\.jar|\\.jsa|\\.so|/lib/modules|/dev/u?random|\\.hprof)( \\(deleted\\))?");

    private static final String HELPER = "/memfd:spawn4j-init (deleted)";

    private final SortedMap<Integer, String> descriptors = ProcFs.descriptors();
    private final SortedMap<Integer, String> threads = ProcFs.threads();
    private final SortedMap<Long, String> children = children();
    private Duration patience = Duration.ofSeconds(20);
    private Predicate<String> ignored = text -> false;

    private LeakCheck() {}

    // What JNR and the JDK keep for ever from their first use on: a cleaner thread, and a socket that stands in for
    // channels while they are closed.
    private static void warmUp() {
        TestTools.natives();
        try {
            FileChannel.open(Path.of("/dev/null")).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the picture. */
    public static LeakCheck begin() {
        warmUp();
        return new LeakCheck();
    }

    /** How long {@link #assertClean()} waits for everything to go away; 20 s unless told otherwise. */
    public LeakCheck within(Duration duration) {
        patience = duration;
        return this;
    }

    /** Leaves out descriptors by what they point to, threads by name and children by command line. */
    public LeakCheck ignoring(String regex) {
        Predicate<String> before = ignored;
        Predicate<String> more = Pattern.compile(regex).asMatchPredicate();
        ignored = before.or(more);
        return this;
    }

    /** Waits until nothing is left that was not there at {@link #begin()}; fails with what it is. */
    public void assertClean() {
        await("nothing left over")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(20))
                .failFast("interrupted", () -> Thread.currentThread().isInterrupted())
                .untilAsserted(() -> {
                    List<String> leaks = leaks();
                    if (!leaks.isEmpty()) {
                        throw new AssertionError("left over:\n  " + String.join("\n  ", leaks));
                    }
                });
    }

    /** What is here now and was not at {@link #begin()}, a line each. */
    public List<String> leaks() {
        List<String> lines = new ArrayList<>();
        added(descriptors, descriptorsNow(), JVM_FILES, descriptor -> "descriptor " + descriptor, lines);
        added(threads, ProcFs.threads(), JVM_THREADS, thread -> "thread " + thread, lines);
        added(children, children(), Pattern.compile("(?!)"), child -> "child " + child, lines);
        return lines;
    }

    // The library keeps one of spawn4j-init from the first start on that needs it; a second one is a leak.
    private static SortedMap<Integer, String> descriptorsNow() {
        SortedMap<Integer, String> now = ProcFs.descriptors();
        if (now.values().stream().filter(HELPER::equals).count() == 1) {
            now.values().remove(HELPER);
        }
        return now;
    }

    private <K> void added(
            Map<K, String> before,
            Map<K, String> now,
            Pattern ofTheJvm,
            Function<K, String> label,
            List<String> lines) {
        now.forEach((key, text) -> {
            boolean known = text.equals(before.get(key));
            if (!known && !ofTheJvm.matcher(text).matches() && !ignored.test(text)) {
                lines.add(label.apply(key) + " -> " + text);
            }
        });
    }

    private static SortedMap<Long, String> children() {
        return ProcFs.children().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        pid -> (ProcFs.isRunning(pid) ? "running " : "zombie ") + ProcFs.commandLine(pid),
                        (a, b) -> a,
                        TreeMap::new));
    }
}
