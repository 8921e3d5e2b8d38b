// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.PathLookup;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of unknown format goes to the shell, and what follows when the shell cannot be run. */
@RequiresNativeEngine
@Tag(NestedSuite.MAIN_ONLY) // like all fault injection
class ShellFallbackTest {
    private static final String NAME = "spawn4j-argv";

    @Test
    void programBehindAScriptThatNoShellRunsKeepsItsName(@TempDir Path directory) throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.writeString(first.resolve(NAME), "echo script\n");
        Files.copy(Path.of(TestTools.path("argdump")), second.resolve(NAME));
        assertThat(first.resolve(NAME).toFile().setExecutable(true)).isTrue();
        assertThat(second.resolve(NAME).toFile().setExecutable(true)).isTrue();
        SpawnBuilder builder = new SpawnBuilder(NAME, "x")
                .policy(SpawnPolicy.builder().pathLookup(PathLookup.CHILD).build());
        builder.environment().clear();
        builder.environment().put("PATH", first + ":/nonexistent:" + second);
        assertThat(ChildState.output(builder.start())).isEqualTo("script\n");
        // The kernel refuses the script; the injection refuses the shell.
        try (FaultInjection injection = FaultInjection.after(SpawnerThread.id(), "execve=ENOENT", 1, 1)) {
            assertThat(ChildState.output(builder.start()).lines())
                    .containsSubsequence("argc 2", "arg 0 " + hex(NAME), "arg 1 " + hex("x"));
            assertThat(injection.injectedInAll()).isEqualTo(1);
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
