// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.HangFs;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * S5: programs, directories and files on a file system that never answers hang nobody but whoever asked for them.
 *
 * <p>Each JVM has a mount namespace of its own, so that nothing else on the machine can stumble over the mount.
 */
@RequiresNativeEngine
@Requires({Ability.FIRST_JDK, Ability.ROOT, Ability.MOUNT})
class HungFileSystemTest {
    private static final int CALLERS = 3;
    private static final String[] OWN_MOUNTS = {"unshare", "--mount", "--propagation", "private", "--"};

    private static NestedJvm.Running openAtStart;

    /** Has a file of such a file system open when the spawner is first started. */
    public static final class OpenAtStart {
        private OpenAtStart() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            HangFs files = HangFs.mount();
            FileOutputStream open = new FileOutputStream(files.file("data").toFile());
            List<CompletableFuture<String>> first = Stream.generate(() -> CompletableFuture.supplyAsync(
                            OpenAtStart::spawn, task -> CleanThreads.start("caller", task)))
                    .limit(CALLERS)
                    .toList();
            first.forEach(spawn -> say(spawn.join()));
            files.release();
            say(spawn());
            LeakCheck leaks = LeakCheck.begin();
            say(spawn());
            leaks.assertClean();
            open.close();
            files.close();
        }

        private static String spawn() {
            long began = System.nanoTime();
            String how;
            try {
                how = "exit "
                        + new SpawnBuilder(TestTools.path("tiny"), "7").start().waitFor();
            } catch (InterruptedException e) {
                how = "interrupted";
            } catch (IOException e) {
                how = (e instanceof SpawnException failure ? failure.stage() + " " + failure.errnoName() : "") + " "
                        + e.getMessage();
            }
            return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + " s: " + how;
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }

    // It waits for the longest deadline of all: the other test may as well run meanwhile.
    @BeforeAll
    static void start() {
        openAtStart = NestedJvm.of(OpenAtStart.class).through(OWN_MOUNTS).start();
    }

    @AfterAll
    static void end() {
        openAtStart.close();
    }

    @Test
    void childrenThatHangAreGivenUpAndHoldUpNobody() {
        String output = NestedJvm.of(NestedSuite.class, HungFileSystemCases.class.getName())
                .through(OWN_MOUNTS)
                .run()
                .orThrow();
        assertThat(output).contains("tests found=").contains("excused=0");
    }

    @Test
    void spawnerThatHangsInItsSetUpIsReportedAndRecovers() {
        String output = openAtStart.await().orThrow();
        assertThat(output.lines().toList())
                .as(output)
                .hasSize(CALLERS + 2)
                .last()
                .asString()
                .endsWith("exit 7");
        // Whoever waits for another's attempt shares its failure: not one after the other, each for ten seconds.
        assertThat(output.lines().limit(CALLERS)).allSatisfy(line -> {
            assertThat(line)
                    .contains("spawner ETIMEDOUT Cannot run program")
                    .contains("is a file of a dead file system open?");
            assertThat(Long.parseLong(line.substring(0, line.indexOf(' ')))).isBetween(9L, 29L);
        });
    }
}
