// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left of a JVM that was killed while it spawned. */
@RequiresNativeEngine
class KilledJvmTest {
    private static final int SIGKILL = 9;
    private static final int ROUNDS = 5;
    private static final int SESSION = 3; // field of /proc/<pid>/stat, counted from the state

    /** Spawns without end from several threads; a few children of each thread live at any moment. */
    public static final class SpawnStorm {
        private static final int CALLERS = 8;
        private static final int ALIVE = 4;

        private SpawnStorm() {}

        /** Runs it. */
        public static void main(String[] arguments) throws IOException {
            long spared = new ProcessBuilder("sleep", "120").start().pid();
            for (int i = 0; i < CALLERS; i++) {
                new Thread(SpawnStorm::storm).start();
            }
            System.out.println("storms beside " + spared);
        }

        private static void storm() {
            SpawnBuilder builder = new SpawnBuilder("sleep", "120").policy(SpawnPolicy.dieWithParent());
            Deque<ChildProcess> alive = new ArrayDeque<>();
            try {
                for (; ; ) {
                    alive.add(builder.start());
                    if (alive.size() > ALIVE) {
                        alive.remove().destroyForcibly();
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    @DisplayName("F8: a JVM that is killed in a spawn storm leaves no child behind, however far that child was")
    void nothingSurvivesAStorm() {
        for (int round = 0; round < Math.max(1, Scale.of(ROUNDS)); round++) {
            // Every process of the storm is in the session that setsid makes, pid of the JVM.
            try (NestedJvm.Running jvm =
                    NestedJvm.of(SpawnStorm.class).through("setsid").start()) {
                long spared =
                        Long.parseLong(jvm.awaitLine("storms beside (\\d+)").group(1));
                await("storm").until(() -> inSession(jvm.pid()).size() > 2 * SpawnStorm.CALLERS);
                TestTools.ok(TestTools.natives().kill((int) jvm.pid(), SIGKILL));
                try {
                    await("all children but ProcessBuilder's are gone")
                            .atMost(Duration.ofSeconds(10))
                            .untilAsserted(
                                    () -> assertThat(inSession(jvm.pid())).containsOnly(spared));
                    assertThat(ProcFs.isRunning(spared))
                            .as("ProcessBuilder has no way to ask for it: its child stays")
                            .isTrue();
                } finally {
                    TestTools.ok(TestTools.natives().kill((int) spared, SIGKILL));
                }
            }
        }
    }

    /** The processes of a session, zombies left out. Reads only what can be read of a process that hangs. */
    private static List<Long> inSession(long session) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(Long::valueOf)
                    .filter(pid -> isIn(session, pid))
                    .toList();
        }
    }

    private static boolean isIn(long session, long pid) {
        return ProcFs.stat(pid)
                .filter(fields -> fields.get(SESSION).equals(Long.toString(session))
                        && !fields.get(0).matches("[ZX]"))
                .isPresent();
    }
}
