// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceLimit;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.LimitedCgroup;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresLimitedCgroup;
import io.spawn4j.linux.support.SpareSlots;
import io.spawn4j.linux.support.SpawnerThread;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host is short of shows with its errno and stage, leaves nothing behind, and passes. */
class ShortageTest {
    private static final String STARTED = "started";

    /** Starts a child; "started", or the stage and the errno. */
    private static String start(SpawnBuilder builder) throws InterruptedException {
        try {
            ExitStatus status = builder.start().exitStatus();
            return status.equals(new ExitStatus.Exited(3)) ? STARTED : status.toString();
        } catch (SpawnException e) {
            return e.stage().name() + " " + e.errnoName();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static SpawnBuilder tiny() {
        return new SpawnBuilder(TestTools.command("tiny", "3"));
    }

    private static void say(String what, String outcome) {
        System.out.println(what + ": " + outcome);
    }

    /** What may be needed for a failure is loaded before files or threads run out. */
    private static void warmUp() throws InterruptedException {
        SpareSlots.make();
        say("at first", start(tiny()));
        say("missing", start(new SpawnBuilder("/nonexistent")));
        say("no input", start(tiny().redirectInput(new File("/nonexistent"))));
    }

    /** Lets its cgroup run out of pids. */
    public static final class InCgroup {
        private InCgroup() {}

        /** Argument: the cgroup. */
        public static void main(String[] arguments) throws Exception {
            Path cgroup = Path.of(arguments[0]);
            Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(ProcFs.self()));
            warmUp();
            LeakCheck leaks = LeakCheck.begin();
            Files.writeString(cgroup.resolve("pids.max"), "1");
            say("at the limit", start(tiny()));
            say("at the limit", start(tiny().redirectInput(new File("/dev/null"))));
            Files.writeString(cgroup.resolve("pids.max"), "max");
            say("afterwards", start(tiny()));
            leaks.assertClean();
            say("leaks", "none");
        }
    }

    @Test
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName("F29: pids.max")
    void cgroupWithoutRoomSaysSo() {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.PIDS)) {
            String said = NestedJvm.of(InCgroup.class, cgroup.directory().toString())
                    .run()
                    .orThrow();
            assertThatItPassed(said, "CLONE EAGAIN");
            await().until(() ->
                    Files.readString(cgroup.directory().resolve("cgroup.procs")).isEmpty());
        }
    }

    /** Lets its user run out of processes. */
    public static final class AsUser {
        private AsUser() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            int nproc = ResourceLimit.NPROC.number();
            long soft = TestTools.natives().limit(nproc, 0);
            long hard = TestTools.natives().limit(nproc, 1);
            warmUp();
            LeakCheck leaks = LeakCheck.begin();
            TestTools.ok(TestTools.natives().prlimit(0, nproc, 1, hard));
            say("at the limit", start(tiny()));
            say("at the limit", start(tiny().redirectInput(new File("/dev/null"))));
            TestTools.ok(TestTools.natives().prlimit(0, nproc, soft, hard));
            say("afterwards", start(tiny()));
            leaks.assertClean();
            say("leaks", "none");
        }
    }

    @Test
    @DisplayName("F29: RLIMIT_NPROC")
    void userWithoutProcessesLeftIsToldSo() {
        if (Ability.ROOT.missing().isPresent()) {
            assertThatItPassed(NestedJvm.of(AsUser.class).run().orThrow(), "CLONE EAGAIN");
            return;
        }
        try (ForeignUser user = ForeignUser.create()) {
            String said = user.runs(NestedJvm.of(AsUser.class)).run().orThrow();
            assertThatItPassed(said, "CLONE EAGAIN");
        }
    }

    private static void assertThatItPassed(String said, String atTheLimit) {
        assertThat(said.lines().filter(line -> !line.startsWith("[")))
                .containsExactly(
                        "at first: started",
                        "missing: EXEC ENOENT",
                        "no input: REDIRECT ENOENT",
                        "at the limit: " + atTheLimit,
                        "at the limit: " + atTheLimit,
                        "afterwards: started",
                        "leaks: none");
    }

    /** Starts children under every limit on descriptors from none to more than enough. */
    public static final class OutOfDescriptors {
        private OutOfDescriptors() {}

        /** Argument: a writable directory. */
        public static void main(String[] arguments) throws Exception {
            loadEverything();
            warmUp();
            File out = new File(arguments[0], "out");
            SpawnPolicy extra = SpawnPolicy.builder()
                    .extraFile(5, Redirect.DISCARD)
                    .extraFile(6, Redirect.DISCARD)
                    .build();
            List<SpawnBuilder> builders = List.of(
                    tiny(),
                    tiny().redirectInput(new File("/dev/null")).redirectOutput(Redirect.appendTo(out)),
                    tiny().policy(extra));
            for (SpawnBuilder builder : builders) {
                say("at first", start(builder));
            }
            int nofile = ResourceLimit.NOFILE.number();
            long soft = TestTools.natives().limit(nofile, 0);
            long hard = TestTools.natives().limit(nofile, 1);
            int highest = ProcFs.descriptors().lastKey();
            LeakCheck leaks = LeakCheck.begin();
            List<String> outcomes = new ArrayList<>(Collections.nCopies(16_384, null));
            int count = 0;
            for (long limit = 3; limit < highest + 16; limit++) {
                for (SpawnBuilder builder : builders) {
                    TestTools.ok(TestTools.natives().prlimit(0, nofile, limit, hard));
                    String outcome = start(builder);
                    TestTools.ok(TestTools.natives().prlimit(0, nofile, soft, hard));
                    outcomes.set(count++, outcome);
                    outcomes.set(count++, "then " + start(builder));
                }
            }
            leaks.assertClean();
            say("outcomes", new TreeSet<>(outcomes.subList(0, count)).toString());
            say("leaks", "none");
        }

        private static void loadEverything() throws IOException, URISyntaxException, ClassNotFoundException {
            for (Class<?> one : List.of(SpawnBuilder.class, NativeEngine.class)) {
                Path root = Path.of(
                        one.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (!Files.isDirectory(root)) {
                    continue; // a jar, which is open
                }
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : (Iterable<Path>) files::iterator) {
                        String name = root.relativize(file).toString();
                        if (name.endsWith(".class") && !name.equals("module-info.class")) {
                            Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                        }
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("F29: EMFILE at every point where a descriptor is needed")
    void jvmOutOfDescriptorsIsToldSo(@TempDir Path directory) {
        String said =
                NestedJvm.of(OutOfDescriptors.class, directory.toString()).run().orThrow();
        assertThat(said).contains("leaks: none");
        String outcomes = said.lines()
                .filter(line -> line.startsWith("outcomes: "))
                .findFirst()
                .orElseThrow();
        // EBADF and EINVAL: the kernel's words for a number at or above the limit.
        assertThat(outcomes.replaceAll("outcomes: |[\\[\\]]", "").split(", "))
                .contains(STARTED, "then " + STARTED, "REDIRECT EMFILE", "PIPE EMFILE")
                .allMatch(outcome -> outcome.matches("started|then started|[A-Z]+ EMFILE|DESCRIPTORS (EBADF|EINVAL)"));
        if (Ability.NATIVE_ENGINE.missing().isEmpty() && SpawnerThread.hasPrivateTable()) {
            assertThat(outcomes).contains("REPLY EMFILE");
        }
    }

    @Test
    @DisplayName("F29: E2BIG for all arguments together")
    void argumentsThatDoNotFitAreRefused() throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("true"));
        command.addAll(Collections.nCopies(70_000, "x".repeat(100)));
        assertThat(start(tiny())).isEqualTo(STARTED);
        LeakCheck leaks = LeakCheck.begin();
        SpawnException failure = catchThrowableOfType(SpawnException.class, () -> new SpawnBuilder(command).start());
        assertThat(failure.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(failure).hasMessageStartingWith("Cannot run program \"true\": error=7, Argument list too long");
        assertThat(catchThrowableOfType(IOException.class, () -> new ProcessBuilder(command).start()))
                .hasMessageStartingWith("Cannot run program \"true\": ");
        leaks.assertClean();
        assertThat(start(tiny())).isEqualTo(STARTED);
    }
}
