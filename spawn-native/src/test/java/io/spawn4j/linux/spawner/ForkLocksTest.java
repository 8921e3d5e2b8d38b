// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * S2: whatever locks other threads hold at the moment of a spawn, no child waits for one of them.
 *
 * <p>100,000 children; {@code -Dspawn4j.test.million=true} makes it the full million.
 */
@Tag(NestedSuite.MAIN_ONLY) // the number is the point, and the locks are the same in every mode
@RequiresNativeEngine // for the start timeout
class ForkLocksTest {
    private static final int CHILDREN = 100_000;
    private static final int MILLION = 1_000_000;
    private static final int CALLERS = 4;
    private static final int ALLOCATING = 4;
    private static final int LOGGING = 2;
    private static final int LOADING = 2;
    private static final SpawnPolicy WATCHED =
            SpawnPolicy.builder().startTimeout(Duration.ofSeconds(60)).build();

    /** What a logger ends in: one stream, and a lock on it. */
    private final PrintStream log = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private volatile boolean stop;

    @Test
    @DisplayName("S2: no child hangs before its exec while threads hold locks")
    void noChildWaitsForALockThatNobodyHolds() throws Exception {
        int children = Boolean.getBoolean("spawn4j.test.million") ? MILLION : Scale.of(CHILDREN);
        spawn(1);
        List<Thread> thrashers = new ArrayList<>();
        LeakCheck leaks = LeakCheck.begin().ignoring("socket:.*");
        TestTools.ok(TestTools.natives().thrashStart(ALLOCATING));
        try {
            for (int i = 0; i < LOGGING; i++) {
                thrashers.add(CleanThreads.start("logging", this::log));
            }
            for (int i = 0; i < LOADING; i++) {
                thrashers.add(CleanThreads.start("loading", this::loadClasses));
            }
            ProcFs.threadsNamed("thrash").forEach(ForkLocksTest::humble);
            ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                tasks.add(() -> spawn((children + CALLERS - 1) / CALLERS));
            }
            for (Future<Integer> task : callers.invokeAll(tasks)) {
                task.get();
            }
            callers.shutdown();
        } finally {
            stop = true;
            assertThat(TestTools.natives().thrashStop()).isPositive();
            for (Thread thrasher : thrashers) {
                thrasher.join();
            }
        }
        leaks.assertClean();
    }

    private static int spawn(int times) throws IOException, InterruptedException {
        SpawnBuilder builder = new SpawnBuilder(TestTools.path("tiny")).policy(WATCHED);
        for (int i = 0; i < times; i++) {
            ChildProcess child = builder.start();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("child ends").isTrue();
            assertThat(child.exitValue()).isZero();
        }
        return times;
    }

    // A thread that yields to every other is interrupted with its lock in hand more often, and the spawns get done.
    private static void humble(int thread) {
        TestTools.ok(TestTools.natives().setNice(thread, 15));
    }

    private void log() {
        humble(TestTools.natives().threadHere());
        String line = String.format("%tT a line of %s", System.currentTimeMillis(), Thread.currentThread());
        while (!stop) {
            log.println(line);
        }
    }

    /** Defines this very class again and again. */
    private void loadClasses() {
        humble(TestTools.natives().threadHere());
        try (InputStream resource = ForkLocksTest.class.getResourceAsStream("ForkLocksTest$Loaded.class")) {
            byte[] bytes = resource.readAllBytes();
            while (!stop) {
                Class<?> loaded = new OneClass().define(bytes);
                assertThat(loaded).isNotSameAs(Loaded.class);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is loaded. */
    private static final class Loaded {}

    private static final class OneClass extends ClassLoader {
        OneClass() {
            super(null);
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }
}
