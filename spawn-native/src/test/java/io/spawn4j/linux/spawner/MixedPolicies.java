// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The main class of {@link MixedPoliciesTest}: spawns, checks each child, and tells what the JVM holds before and
 * after.
 */
public final class MixedPolicies {
    private static final int CALLERS = 4;
    private static final int WARM_UP = 6_000;
    private static final String TINY = TestTools.path("tiny");
    private static final File NULL = new File("/dev/null");
    private static final List<Callable<Integer>> CASES = List.of(
            () -> exits(new SpawnBuilder(TINY, "3"), SpawnPolicy.defaults(), 3),
            () -> exits(new SpawnBuilder(TINY, "4"), SpawnPolicy.dieWithParent(), 4),
            () -> exits(
                    new SpawnBuilder(TINY, "5"),
                    SpawnPolicy.builder().newSession().umask(0077).build(),
                    5),
            () -> exits(new SpawnBuilder(TINY, "6").inheritIO(), groupAndLimits(), 6),
            () -> exits(new SpawnBuilder(TINY, "7").redirectErrorStream(true), signals(), 7),
            () -> exits(
                    new SpawnBuilder(TINY, "8")
                            .redirectInput(NULL)
                            .redirectOutput(NULL)
                            .redirectError(Redirect.appendTo(NULL)),
                    files(),
                    8),
            () -> exits(with(new SpawnBuilder(TINY, "9")), SpawnPolicy.defaults(), 9),
            () -> exits(
                    new SpawnBuilder(TINY, "10"),
                    SpawnPolicy.builder().oomScore(100).noNewPrivileges().build(),
                    10),
            MixedPolicies::echoes,
            MixedPolicies::fails,
            MixedPolicies::isKilled,
            MixedPolicies::isLeftAlone);

    private MixedPolicies() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int spawns = Integer.parseInt(arguments[0]);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS, task -> CleanThreads.create("caller", task));
        run(callers, WARM_UP);
        tell("before", WARM_UP);
        run(callers, spawns);
        tell("after", spawns);
    }

    private static void run(ExecutorService callers, int spawns) throws Exception {
        List<Future<Integer>> parts = IntStream.range(0, CALLERS)
                .mapToObj(caller -> callers.submit(() -> {
                    for (int i = caller; i < spawns; i += CALLERS) {
                        CASES.get(i / CALLERS % CASES.size()).call();
                    }
                    return 0;
                }))
                .toList();
        for (Future<Integer> part : parts) {
            part.get();
        }
    }

    private static void tell(String when, int spawns) throws Exception {
        await().until(() -> ProcFs.children().isEmpty());
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        await().until(() -> {
            System.gc();
            return garbage.refersTo(null);
        });
        Runtime runtime = Runtime.getRuntime();
        // Awaitility's own comes and goes.
        List<String> threads = ProcFs.threads().values().stream()
                .filter(name -> !name.startsWith("awaitility"))
                .sorted()
                .toList();
        long mappings;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            mappings = lines.count();
        }
        System.out.println(when + " spawns=" + spawns + " descriptors="
                + ProcFs.descriptors().size()
                + " threads=" + threads.size() + " zombies="
                + ProcFs.zombies().size() + " heapKiB="
                + (runtime.totalMemory() - runtime.freeMemory()) / 1024 + " mappings=" + mappings + " rssAnonKiB="
                + kibibytes("RssAnon") + " vmSizeKiB=" + kibibytes("VmSize"));
        System.out.println("threads " + when + ": " + String.join(", ", threads));
    }

    private static long kibibytes(String field) {
        return Long.parseLong(ProcFs.status(ProcFs.self(), field).orElseThrow().split(" ")[0]);
    }

    private static SpawnPolicy groupAndLimits() {
        return SpawnPolicy.builder()
                .newProcessGroup()
                .resourceLimit(ResourceLimit.CORE, 0, 0)
                .resourceLimit(ResourceLimit.NOFILE, 64, 64)
                .nice(10)
                .cpuAffinity(0)
                .build();
    }

    private static SpawnPolicy signals() {
        return SpawnPolicy.builder()
                .blockedSignals(Set.of(Signal.SIGUSR1, Signal.SIGTERM))
                .ignoredSignals(Set.of(Signal.SIGHUP))
                .parentDeathSignal(Signal.SIGTERM)
                .build();
    }

    private static SpawnPolicy files() {
        return SpawnPolicy.builder()
                .extraDescriptor(3, 0)
                .extraFile(7, Redirect.from(NULL))
                .startTimeout(Duration.ofSeconds(30))
                .build();
    }

    private static SpawnBuilder with(SpawnBuilder builder) {
        builder.environment().put("MIXED", "policies");
        return builder.directory(new File("/"));
    }

    private static int exits(SpawnBuilder builder, SpawnPolicy policy, int code) throws Exception {
        expect(new ExitStatus.Exited(code), builder.policy(policy).start().exitStatus());
        return code;
    }

    private static int echoes() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        try (OutputStream in = child.getOutputStream()) {
            in.write("all of it".getBytes(StandardCharsets.UTF_8));
        }
        expect("all of it", new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        child.getInputStream().close();
        child.getErrorStream().close();
        expect(0, child.waitFor());
        return 0;
    }

    private static int fails() throws IOException {
        try {
            new SpawnBuilder("/no/such/program").start();
        } catch (SpawnException e) {
            expect(SpawnStage.EXEC, e.stage());
            return 0;
        }
        throw new AssertionError("started what is not there");
    }

    private static int isKilled() throws Exception {
        ChildProcess child = new SpawnBuilder("cat").start();
        child.destroyForcibly();
        expect(new ExitStatus.Signaled(Signal.SIGKILL, false), child.exitStatus());
        return 0;
    }

    /** Nobody waits for it, reads from it or closes anything. */
    private static int isLeftAlone() throws Exception {
        new SpawnBuilder(TINY).start();
        return 0;
    }

    private static void expect(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }
}
