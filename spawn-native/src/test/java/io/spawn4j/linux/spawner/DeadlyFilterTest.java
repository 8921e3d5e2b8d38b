// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a seccomp filter kills that the engine tries its calls in. That it spares the JVM is in {@link
 * DegradedHostTest}: here it leaves no picture of the JVM's memory behind.
 */
@RequiresNativeEngine
class DeadlyFilterTest {
    /** Spawns. */
    public static final class Spawns {
        private Spawns() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            System.out.println("exit "
                    + new SpawnBuilder(TestTools.command("tiny", "3")).start().waitFor());
        }
    }

    @Test
    @Requires(Ability.STRACE)
    void processThatAFilterKillsDumpsNoCore(@TempDir Path directory) throws IOException {
        Path trace = directory.resolve("trace");
        String said = NestedJvm.of(Spawns.class)
                .through("sh", "-c", "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$@\"", "sh")
                .through("strace", "-f", "-q", "-e", "trace=none", "-e", "signal=SIGSYS", "-o", trace.toString())
                .through(TestTools.command(
                        "seccomp-run",
                        "--kill",
                        "pidfd_send_signal",
                        "--kill",
                        "clone3@1=0",
                        "--kill",
                        "unshare",
                        "--"))
                .directory(directory)
                .run()
                .orThrow();
        assertThat(said).contains("exit 3\n");
        // strace tells a core by the flag in the exit status, wherever core_pattern would have it go.
        List<String> killed = Files.readAllLines(trace).stream()
                .filter(line -> line.contains("killed by SIGSYS"))
                .toList();
        assertThat(killed).hasSize(3).noneMatch(line -> line.contains("core dumped"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(trace);
        }
    }
}
