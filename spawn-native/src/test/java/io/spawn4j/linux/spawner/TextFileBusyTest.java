// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.RequiresPrivateTable;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that was just written can be started, though other threads start theirs at the same time. */
@RequiresPrivateTable
class TextFileBusyTest {
    private static final int THREADS = 8;
    private static final int OURS = 100_000;
    private static final int OURS_NESTED = 20_000;
    private static final int BATCH = 1_000;
    private static final int MOST_OF_THE_JDKS = 50_000;

    /** Starts a program file and returns its exit code. */
    @FunctionalInterface
    private interface Starter {
        int run(String program) throws IOException, InterruptedException;
    }

    @TempDir
    Path directory;

    @Test
    @DisplayName("F1: a program that was just written is never busy")
    void programJustWrittenIsNotBusy() throws Exception {
        int ours = Scale.of(OURS, OURS_NESTED);
        assertThat(busy(ours, program -> new SpawnBuilder(program).start().waitFor()))
                .isZero();
        int ofTheJdk = 0;
        int tries = 0;
        while (ofTheJdk == 0 && tries < MOST_OF_THE_JDKS) {
            ofTheJdk +=
                    busy(BATCH, program -> new ProcessBuilder(program).start().waitFor());
            tries += BATCH;
        }
        System.out.println("Text file busy: ProcessBuilder " + ofTheJdk + " of " + tries + ", spawn4j 0 of " + ours);
        assertThat(ofTheJdk).as("ProcessBuilder fails this test").isPositive();
    }

    private int busy(int times, Starter starter) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                File file = directory.resolve("program" + i).toFile();
                tasks.add(() -> writeAndStart(file, (times + THREADS - 1) / THREADS, starter));
            }
            int busy = 0;
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                busy += task.get();
            }
            return busy;
        } finally {
            threads.shutdown();
        }
    }

    private static int writeAndStart(File file, int times, Starter starter) throws IOException, InterruptedException {
        byte[] program = ("#!" + TestTools.path("tiny") + "\n").getBytes(StandardCharsets.UTF_8);
        int busy = 0;
        for (int i = 0; i < times; i++) {
            assertThat(!file.exists() || file.delete()).isTrue();
            try (FileOutputStream out = new FileOutputStream(file)) {
                out.write(program);
            }
            assertThat(file.setExecutable(true)).isTrue();
            try {
                assertThat(starter.run(file.getPath())).isZero();
            } catch (IOException e) {
                if (!e.getMessage().contains("Text file busy")) {
                    throw e;
                }
                busy++;
            }
        }
        return busy;
    }
}
