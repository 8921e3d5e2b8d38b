// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ResourceLimit;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.LimitedCgroup;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresLimitedCgroup;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.RequiresPrivateTable;
import io.spawn4j.linux.support.SpareSlots;
import io.spawn4j.linux.support.TestTools;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A start that fails when its child is there already leaves no child that nobody owns, pidfds or not. */
@RequiresNativeEngine
class UnownedChildTest {
    /** Longer than the test: only a kill ends it. */
    private static final SpawnBuilder ENDLESS = new SpawnBuilder("sleep", "300");

    private static final String NONE_LEFT = "children none";

    private static void warmUp() throws Exception {
        SpareSlots.make();
        ChildProcess child = ENDLESS.start();
        child.destroyForcibly();
        child.waitFor();
        try {
            new SpawnBuilder("/nonexistent").start();
        } catch (SpawnException loadsWhatAFailureNeeds) {
            System.out.println("missing " + loadsWhatAFailureNeeds.errnoName());
        }
    }

    private static void awaitNoChildren() {
        await().until(() -> ProcFs.children().isEmpty());
        System.out.println(NONE_LEFT);
    }

    /** The descriptors of a running child do not fit into this process's table. */
    public static final class FullTable {
        private FullTable() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            warmUp();
            awaitNoChildren();
            int nofile = ResourceLimit.NOFILE.number();
            long soft = TestTools.natives().limit(nofile, 0);
            long hard = TestTools.natives().limit(nofile, 1);
            LeakCheck leaks = LeakCheck.begin();
            TestTools.ok(
                    TestTools.natives().prlimit(0, nofile, ProcFs.descriptors().lastKey() + 2, hard));
            List<FileInputStream> files = fillTable();
            String outcome;
            try {
                outcome = "started " + ENDLESS.start();
            } catch (SpawnException e) {
                outcome = e.stage() + " " + e.errnoName();
            } finally {
                for (FileInputStream file : files) {
                    file.close();
                }
                TestTools.ok(TestTools.natives().prlimit(0, nofile, soft, hard));
            }
            System.out.println("outcome " + outcome);
            awaitNoChildren();
            leaks.assertClean();
            System.out.println("leaks none");
        }

        private static List<FileInputStream> fillTable() {
            List<FileInputStream> files = new ArrayList<>();
            try {
                while (true) {
                    files.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException full) {
                return files;
            }
        }
    }

    @Test
    @RequiresPrivateTable // in a shared one the pipes would be the first not to fit
    @DisplayName("F29: EMFILE when the child's descriptors are to be handed over")
    void childWhoseDescriptorsDoNotFitIsKilled() {
        assertThat(NestedJvm.of(FullTable.class).run().orThrow())
                .contains("outcome reply EMFILE", NONE_LEFT, "leaks none");
    }

    @Test
    @RequiresPrivateTable
    @DisplayName("F29: EMFILE when the child's descriptors are to be handed over, without pidfds")
    void childWhoseDescriptorsDoNotFitIsKilledWithoutPidfds() {
        assertThat(NestedJvm.of(FullTable.class).through(withoutPidfds()).run().orThrow())
                .contains("outcome reply EMFILE", NONE_LEFT, "leaks none");
    }

    /** There is room for a child, and not always for a thread that would wait for it. */
    public static final class NoRoomForThreads {
        // Waiters of children that have ended may be there for a moment longer.
        private static final int LEAST_ROOM = -4;
        private static final int MOST_ROOM = 4;

        private NoRoomForThreads() {}

        /** Argument: the cgroup. */
        public static void main(String[] arguments) throws Exception {
            Path cgroup = Path.of(arguments[0]);
            Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(ProcFs.self()));
            warmUp();
            awaitNoChildren();
            for (int room = LEAST_ROOM; room <= MOST_ROOM; room++) {
                tryWith(cgroup, room);
                awaitNoChildren();
            }
        }

        private static void tryWith(Path cgroup, int room) throws Exception {
            Path limit = cgroup.resolve("pids.max");
            int used = Integer.parseInt(
                    Files.readString(cgroup.resolve("pids.current")).strip());
            ChildProcess child = null;
            Files.writeString(limit, Integer.toString(used + room));
            try {
                child = ENDLESS.start();
            } catch (SpawnException e) {
                System.out.println("room for " + room + ": " + e.stage() + " " + e.errnoName());
            } finally {
                Files.writeString(limit, "max");
            }
            if (child != null) {
                child.destroyForcibly();
                System.out.println("room for " + room + ": started, ended "
                        + child.onExit().get(20, TimeUnit.SECONDS).exitValue());
            }
        }
    }

    @Test
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName("F29: pids.max leaves no room for the thread that would wait for a child without pidfd")
    void childIsOwnedThoughNoThreadCanWaitForIt() {
        assertNoRoomForThreads(withoutPidfds());
    }

    @Test
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName("F29: pids.max leaves no room for any thread")
    void childWithPidfdNeedsNoThread() {
        assertNoRoomForThreads(List.of());
    }

    private static void assertNoRoomForThreads(List<String> launcher) {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.PIDS)) {
            String said = NestedJvm.of(
                            NoRoomForThreads.class, cgroup.directory().toString())
                    .through(launcher)
                    // No threads that come and go, which would take the room.
                    .option("-XX:+UseSerialGC")
                    .option("-XX:-UseDynamicNumberOfCompilerThreads")
                    .run()
                    .orThrow();
            assertThat(said.lines().filter(line -> line.startsWith("room for ")))
                    .hasSize(1 + NoRoomForThreads.MOST_ROOM - NoRoomForThreads.LEAST_ROOM)
                    .allMatch(line -> line.endsWith(": clone EAGAIN") || line.endsWith(": started, ended 137"))
                    .anyMatch(line -> line.endsWith(": clone EAGAIN"))
                    .anyMatch(line -> line.endsWith(": started, ended 137"));
            await().until(() ->
                    Files.readString(cgroup.directory().resolve("cgroup.procs")).isEmpty());
        }
    }

    private static List<String> withoutPidfds() {
        return TestTools.command(
                "seccomp-run", "--fail", "pidfd_send_signal=ENOSYS", "--fail", "pidfd_open=ENOSYS", "--");
    }
}
