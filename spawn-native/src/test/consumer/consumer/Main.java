// SPDX-License-Identifier: Apache-2.0
package consumer;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnEngine;
import io.spawn4j.SpawnPolicy;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts children of several kinds, and ends with 1 if one is not as it should be. */
public final class Main {
    private Main() {}

    /** Arguments: the engine that is to run, and users to start programs as. */
    public static void main(String[] arguments) throws Exception {
        check("hello", new SpawnBuilder("echo", "hello"));
        check("a line", new SpawnBuilder("cat").redirectInput(line()));
        for (int i = 1; i < arguments.length; i++) {
            check(arguments[i], new SpawnBuilder("id", "-un")
                    .policy(SpawnPolicy.builder().user(arguments[i]).build()));
        }
        String engine = SpawnEngine.prepare().join().engine();
        if (!engine.equals(arguments[0])) {
            throw new AssertionError("engine " + engine);
        }
        SpawnEngine.shutdown();
        System.out.println("all started by " + engine + " for module " + Main.class.getModule().getName());
    }

    private static File line() throws IOException {
        Path file = Files.createTempFile("consumer", "");
        file.toFile().deleteOnExit();
        return Files.writeString(file, "a line\n").toFile();
    }

    private static void check(String expected, SpawnBuilder builder) throws Exception {
        ChildProcess child = builder.start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        ExitStatus status = child.exitStatus();
        if (!said.equals(expected) || !status.equals(new ExitStatus.Exited(0))) {
            throw new AssertionError(builder.command() + " said " + said + " and ended with " + status);
        }
    }
}
