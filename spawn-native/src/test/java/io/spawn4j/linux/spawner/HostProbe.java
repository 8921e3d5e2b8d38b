// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The main class of {@link DegradedHostTest}: does a little of everything and tells how it went. */
public final class HostProbe {
    private static final int O_RDONLY = 0;
    private static final int STORM = 200;

    private HostProbe() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        SpawnCapabilities capabilities = SpawnCapabilities.current();
        say("engine " + capabilities.engine());
        capabilities.rows().forEach(row -> say(row.name() + "=" + row.available() + " " + row.how()));
        say("Seccomp " + ProcFs.status(ProcFs.self(), "Seccomp").orElseThrow());
        tiny();
        LeakCheck leaks = LeakCheck.begin();
        statuses();
        streams();
        settings();
        waiters();
        for (int i = 0; i < STORM; i++) {
            tiny();
        }
        leaks.assertClean();
        say("left over " + leaks.leaks());
    }

    private static void tiny() throws Exception {
        int exit = new SpawnBuilder(TestTools.path("tiny"), "7").start().waitFor();
        if (exit != 7) {
            throw new AssertionError("exit " + exit);
        }
    }

    private static void statuses() throws Exception {
        say("exit " + new SpawnBuilder(TestTools.path("tiny"), "7").start().waitFor());
        ChildProcess killed = new SpawnBuilder("sleep", "60").start();
        killed.destroyForcibly();
        say("killed " + killed.exitStatus());
        try {
            new SpawnBuilder("/no/such/program").start();
        } catch (SpawnException e) {
            say("missing " + e.stage() + " " + e.errnoName());
        }
    }

    private static void streams() throws Exception {
        ChildProcess cat = new SpawnBuilder("cat").start();
        cat.getOutputStream().write("through cat".getBytes(StandardCharsets.UTF_8));
        cat.getOutputStream().close();
        say("echo " + output(cat));
        int inheritable = TestTools.ok(TestTools.natives().open("/dev/zero", O_RDONLY));
        long strays = output(new SpawnBuilder(TestTools.path("fdlist")).start())
                .lines()
                .filter(line -> !line.matches("[012] -> pipe:.*"))
                .count();
        TestTools.ok(TestTools.natives().close(inheritable));
        say("stray " + strays);
    }

    private static void settings() throws Exception {
        SpawnPolicy policy =
                SpawnPolicy.builder().parentDeathSignal(Signal.SIGTERM).build();
        String state = output(new SpawnBuilder(TestTools.path("sigstate"))
                .directory(new File("/"))
                .policy(policy)
                .start());
        say("directory " + field(state, "cwd"));
        say("parent death " + field(state, "pdeathsig"));
        say("blocked " + Long.parseUnsignedLong(field(state, "SigBlk"), 16) + " ignored "
                + Long.parseUnsignedLong(field(state, "SigIgn"), 16));
    }

    private static void waiters() throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(new SpawnBuilder("sleep", "60").start());
        }
        int expected = SpawnerThread.hasPidfds() ? 0 : children.size();
        await("a waiter thread for each child or none").until(() -> waiterThreads() == expected);
        say("waiters=" + waiterThreads());
        for (ChildProcess child : children) {
            child.destroy();
            child.waitFor();
        }
    }

    private static long waiterThreads() {
        return ProcFs.threads().values().stream()
                .filter(name -> name.startsWith("spawn4j-wait-"))
                .count();
    }

    private static String field(String state, String name) {
        return state.lines()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    private static String output(ChildProcess child) throws Exception {
        String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        return text;
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
