// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.descriptors;
import static io.spawn4j.linux.support.UserCode.engine;
import static io.spawn4j.linux.support.UserCode.mappings;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.start;
import static io.spawn4j.linux.support.UserCode.tiny;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.SpawnEngine;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.LimitedCgroup;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresLimitedCgroup;
import io.spawn4j.linux.support.TestTools;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first start of a JVM comes while something is short; what cannot be had is named, nothing is lost, and the next
 * one works.
 */
@Tag(NestedSuite.MAIN_ONLY)
class FirstStartShortageTest {
    /** More than a JVM begins with. */
    private static final int TASKS = 60;

    /** Starts its first children with few descriptors to spare. */
    public static final class FewDescriptors {
        private static final int TRIES = 40;

        private static final List<FileInputStream> FILES = new ArrayList<>();

        private FewDescriptors() {}

        /** Argument: how many. */
        public static void main(String[] arguments) throws Exception {
            tiny(); // the user's own classes are his own affair
            say("taken", take() > 0);
            giveBack(Integer.parseInt(arguments[0]));
            String first = start();
            repeat(); // the engine may keep a few more for the starts to come
            int room = take();
            giveBack(room);
            String last = repeat();
            int afterwards = take();
            giveBack(FILES.size());
            say("first", first);
            say("last", last);
            say("lost", room - afterwards);
            say("again", start());
        }

        private static String repeat() {
            String last = "";
            for (int i = 0; i < TRIES && !last.equals(STARTED); i++) {
                last = start();
            }
            return last;
        }

        /** Opens files until no more can be, and says how many. */
        private static int take() {
            int taken = 0;
            while (true) {
                try {
                    FILES.add(new FileInputStream("/dev/null"));
                    taken++;
                } catch (IOException noMore) {
                    return taken;
                }
            }
        }

        private static void giveBack(int files) {
            try {
                for (int i = 0; i < files; i++) {
                    FILES.remove(FILES.size() - 1).close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Stream<Arguments> spare() {
        Stream<Arguments> ofNative = IntStream.rangeClosed(0, 18).mapToObj(spare -> Arguments.of(spare, "native"));
        return Stream.concat(ofNative, Stream.of(0, 5, 12, 16, 17).map(spare -> Arguments.of(spare, "posix_spawn")));
    }

    @ParameterizedTest
    @MethodSource("spare")
    @DisplayName("F33: the first start comes with few descriptors to spare")
    void fewDescriptorsAreToldOfAndNoneIsLost(int spare, String engine) {
        List<String> said = Jars.jvm(FewDescriptors.class, Integer.toString(spare))
                .through("prlimit", "--nofile=100:100", "--")
                .property("io.spawn4j.engine", engine)
                .run()
                .orThrow()
                .lines()
                .toList();
        String outcome = ": (" + STARTED + "|SpawnException (EMFILE|ENFILE): .{40,})";
        assertThat(said.get(1)).matches("first" + outcome);
        assertThat(said.get(2)).matches("last" + outcome);
        // Of each of forty tries one would be forty; the JVM has one or two of its own for a moment.
        assertThat(said.get(3)).matches("lost: (-?[12]|0)");
        assertThat(said).hasSize(5).last().isEqualTo("again: " + STARTED);
    }

    /** Starts its first children with few threads to spare. */
    public static final class FewThreads {
        private static final int TRIES = 20;

        private static final int MOST_SPARE = 5;

        private static final CountDownLatch END = new CountDownLatch(1);

        private FewThreads() {}

        /** Argument: the cgroup to be in, if any. */
        public static void main(String[] arguments) throws Exception {
            if (arguments.length > 0) {
                Files.writeString(
                        Path.of(arguments[0], "cgroup.procs"),
                        Long.toString(ProcessHandle.current().pid()));
            }
            tiny();
            counts(); // loads what that takes
            List<Sleeper> sleepers = new ArrayList<>();
            while (true) {
                Sleeper sleeper = new Sleeper();
                try {
                    sleeper.start();
                } catch (OutOfMemoryError noMore) {
                    break;
                }
                sleepers.add(sleeper);
            }
            for (int spare = 0; spare <= MOST_SPARE; spare++) {
                say(spare + " first", attempts());
                say(spare + " then", attempts());
                sleepers.remove(sleepers.size() - 1).end();
            }
            for (Sleeper sleeper : sleepers) {
                sleeper.end();
            }
            say("again", start());
            say("engine", engine());
            SpawnEngine.prepare().join().rows().forEach(row -> say("ability", row.name() + " " + row.available()));
        }

        private static String attempts() throws IOException {
            Set<String> outcomes = new TreeSet<>();
            for (int i = 0; i < TRIES; i++) {
                outcomes.add(start());
            }
            return counts() + String.join(" + ", outcomes);
        }

        private static String counts() throws IOException {
            return descriptors() + " descriptors, " + mappings() + " mappings, ";
        }

        private static final class Sleeper extends Thread {
            private final CountDownLatch end = new CountDownLatch(1);

            Sleeper() {
                super(null, null, "sleeper", 128 << 10);
            }

            @Override
            public void run() {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            void end() throws InterruptedException {
                end.countDown();
                join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @Requires(Ability.ROOT)
    @DisplayName("F33: the first start comes when the user may have no more threads, or a few: RLIMIT_NPROC")
    void userWithoutThreadsIsToldSoAndNothingIsLost(String engine) {
        try (ForeignUser user = ForeignUser.create()) {
            assertFewThreadsAreToldOf(
                    engine,
                    user.runs(NestedJvm.of(FewThreads.class).through("prlimit", "--nproc=" + TASKS + ":" + TASKS, "--"))
                            .classPath(Jars.withUser(FewThreads.class)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName("F33: the first start comes when the cgroup may have no more threads, or a few: pids.max")
    void cgroupWithoutThreadsIsToldSoAndNothingIsLost(String engine) {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.PIDS)) {
            cgroup.limit(TASKS);
            assertFewThreadsAreToldOf(
                    engine, Jars.jvm(FewThreads.class, cgroup.directory().toString()));
            await().until(() ->
                    Files.readString(cgroup.directory().resolve("cgroup.procs")).isEmpty());
        }
    }

    @Test
    @RequiresLimitedCgroup(LimitedCgroup.Controller.PIDS)
    @DisplayName(
            "F49: under a seccomp filter no process can be had to try it in, for a time: all of it is used afterwards")
    void cgroupWithoutThreadsUnderAFilter() {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.PIDS)) {
            cgroup.limit(TASKS);
            String said = assertFewThreadsAreToldOf(
                    "native",
                    Jars.jvm(FewThreads.class, cgroup.directory().toString())
                            .through(TestTools.command("seccomp-run", "--fail", "swapon=EPERM", "--")));
            assertThat(said).contains("ability: pidfds true", "ability: clone3 with CLONE_CLEAR_SIGHAND true");
            await().until(() ->
                    Files.readString(cgroup.directory().resolve("cgroup.procs")).isEmpty());
        }
    }

    private static String assertFewThreadsAreToldOf(String engine, NestedJvm jvm) {
        if (!engine.equals("native")) { // which is to be chosen by itself
            jvm.property("io.spawn4j.engine", engine);
        }
        String said = jvm.run().orThrow();
        Matcher line = Pattern.compile("(?m)^(\\d) (first|then): (\\d+) descriptors, (\\d+) mappings, (.*)$")
                .matcher(said);
        for (int spare = 0; spare <= FewThreads.MOST_SPARE; spare++) {
            assertThat(line.find()).as(said).isTrue();
            int descriptors = Integer.parseInt(line.group(3));
            int mappings = Integer.parseInt(line.group(4));
            assertThat(line.find()).as(said).isTrue();
            if (!line.group(5).contains(STARTED)) { // else the engine has come up meanwhile
                // The image of the core, once.
                assertThat(Integer.parseInt(line.group(3))).as(said).isLessThanOrEqualTo(descriptors + 1);
                assertThat(Integer.parseInt(line.group(4))).as(said).isLessThan(mappings + FewThreads.TRIES / 2);
            }
            assertThat(line.group(5).split(" \\+ "))
                    .allMatch(outcome ->
                            outcome.matches(STARTED + "|SpawnException EAGAIN: Cannot run program \"\\S+\": .{20,}"));
            assertThat(line.group(5)).contains(spare == 0 ? "EAGAIN" : "");
        }
        assertThat(line.group(5)).isEqualTo(STARTED);
        assertThat(said).contains("again: " + STARTED, "engine: " + engine).doesNotContain("\tat ");
        return said;
    }

    /** Starts its first children with little heap to spare. */
    public static final class LittleHeap {
        private static final int[] SIZES = {1 << 20, 1 << 16, 1 << 12, 1 << 8, 16};

        private static volatile Object all;

        private LittleHeap() {}

        /** Argument: how many bytes. */
        public static void main(String[] arguments) throws Exception {
            tiny();
            byte[] spare = new byte[Integer.parseInt(arguments[0])];
            fill();
            spare = null;
            String first = start();
            String second = start();
            all = null;
            say("first", first);
            say("second", second);
            say("again", start());
            say("engine", engine());
        }

        private static void fill() {
            for (int size : SIZES) {
                try {
                    while (true) {
                        all = new Object[] {all, new byte[size]};
                    }
                } catch (OutOfMemoryError full) {
                    continue;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 1024, 2048, 4096, 6000, 8000})
    @DisplayName("F33: the first start comes when the heap is full")
    void fullHeapIsToldOfAndNothingIsLost(int kilobytes) {
        List<String> said = Jars.jvm(LittleHeap.class, Integer.toString(kilobytes << 10))
                .option("-Xmx32m")
                .run()
                .orThrow()
                .lines()
                .toList();
        assertThat(said.subList(0, 2))
                .allMatch(line -> line.matches("(first|second): (" + STARTED + "|SpawnException ENOMEM: .{40,})"));
        assertThat(said.subList(2, said.size())).containsExactly("again: " + STARTED, "engine: native");
    }
}
