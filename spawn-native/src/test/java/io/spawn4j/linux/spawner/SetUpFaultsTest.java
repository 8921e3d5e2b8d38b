// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.Launcher;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.CoreLoader;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Jffi;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.NativeCalls;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import io.spawn4j.spi.SpawnRequest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every system call by which the engine, its spawner thread or a request's slot is set up fails: what could not be had
 * shows with its errno and leaves nothing behind, or another way is taken and told; the next attempt works.
 *
 * <p>Only in the main run: filters on top of a container's profile would answer with the profile's errors.
 */
@RequiresNativeEngine
@Tag(NestedSuite.MAIN_ONLY)
class SetUpFaultsTest {
    /** What a row makes of the fault. */
    private enum Kind {
        EVENT_LOOP,
        PROBE,
        SPAWNER
    }

    /** Calls that fail on a thread, and in what it creates, and what comes of it. */
    private record Fault(Kind kind, String rules, int skip, String outcome) {
        @Override
        public String toString() {
            return kind + ": " + rules + (skip < 0 ? "" : " after " + skip) + ": " + outcome;
        }
    }

    private static final String ALL = "started close_range clone3 pidfds leaders-scheduling";

    private static Fault row(Kind kind, String rules, String outcome) {
        return new Fault(kind, rules, -1, outcome);
    }

    private static Fault row(String rules, String outcome) {
        return row(Kind.SPAWNER, rules, outcome);
    }

    private static List<Fault> faults() throws StartFailure {
        int spawnerBytes = new Layout(CoreLoader.load(Jffi.open()).core()).spawnerBytes;
        return List.of(
                row(Kind.EVENT_LOOP, "epoll_create1=EMFILE", "SPAWNER EMFILE"),
                row(Kind.EVENT_LOOP, "eventfd2=ENFILE", "SPAWNER ENFILE"),
                row(Kind.EVENT_LOOP, "epoll_ctl=ENOSPC", "SPAWNER ENOSPC"),
                row(Kind.PROBE, "mmap@1=65536=ENOMEM", "SPAWNER ENOMEM"),
                row(Kind.PROBE, "clone@0=17=EAGAIN", "SPAWNER EAGAIN"),
                // The spawner: memory, control sockets, thread.
                row("mmap@1=" + spawnerBytes + "=ENOMEM", "SPAWNER ENOMEM"),
                row("socketpair=EMFILE", "SPAWNER EMFILE"),
                row("clone3=EAGAIN clone=EAGAIN", "SPAWNER EAGAIN"),
                // Its private table, /dev/null on the standard numbers.
                row("close_range=EPERM", ALL.replace("close_range", "unshare")),
                row("close_range=EPERM unshare=EPERM", ALL.replace("close_range", "shared")),
                row("close_range=ENOMEM", "SPAWNER ENOMEM"),
                row("close_range=EPERM unshare=ENOMEM", "SPAWNER ENOMEM"),
                row("dup3=EMFILE", "SPAWNER EMFILE"),
                row("openat@2=0x80002=ENOENT", ALL),
                row("openat@2=0x80002=EMFILE eventfd2=EMFILE", "SPAWNER EMFILE"),
                row("close_range=EPERM openat@2=0x90000=EMFILE", "SPAWNER EMFILE"),
                row("close_range=EPERM getdents64=EIO", "SPAWNER EIO"),
                // Closing a range in it, at set-up and for the pipes of each request.
                row("close_range@2=0=EINVAL", ALL),
                // The process leader's scheduling.
                row("sched_getaffinity=EPERM", ALL.replace(" leaders-scheduling", "")),
                row("sched_setaffinity=EPERM", ALL.replace(" leaders-scheduling", "")),
                row("sched_getattr=EPERM", ALL.replace(" leaders-scheduling", "")),
                // Its test of itself.
                row("mmap@1=131072=ENOMEM", "SPAWNER ENOMEM"),
                new Fault(Kind.SPAWNER, "clone3=EAGAIN", 1, "SPAWNER EAGAIN"),
                new Fault(Kind.SPAWNER, "clone3=ENOMEM", 1, "SPAWNER ENOMEM"),
                new Fault(Kind.SPAWNER, "clone3=EPERM", 1, ALL.replace("clone3", "clone")),
                row("clone3=ENOSYS", ALL.replace("clone3", "clone")),
                row("pidfd_send_signal=EPERM", ALL.replace(" pidfds", "")),
                row("ppoll=ENOSYS", ALL.replace(" pidfds", "")),
                row("ppoll=ENOMEM", "SPAWNER ENOMEM"),
                row("waitid@0=3=EAGAIN", "SPAWNER EAGAIN"),
                row("waitid@0=3=EINVAL", ALL.replace(" pidfds", "")),
                // The first request's slot: memory, guard page, sockets, and their way to the spawner.
                row("mmap@1=196608=ENOMEM", "SPAWNER ENOMEM"),
                row("mprotect@1=65536@2=0=ENOMEM", "SPAWNER ENOMEM"),
                new Fault(Kind.SPAWNER, "socketpair=EMFILE", 1, "SPAWNER EMFILE"),
                row("sendmsg=ENOBUFS", "SPAWNER ENOBUFS"),
                row("recvmsg=EMFILE", "SPAWNER EMFILE"),
                // With a shared table each child hides the descriptors that are not its own.
                row("close_range=EPERM unshare=EPERM openat@2=0x90000=EMFILE", "DESCRIPTORS EMFILE"),
                row("close_range=EPERM unshare=EPERM fcntl@1=2=EIO", "DESCRIPTORS EIO"),
                row("close_range=EPERM unshare=EPERM getdents64=EIO", "DESCRIPTORS EIO"));
    }

    private static final Map<String, String> OUTCOMES = new HashMap<>();

    @BeforeAll
    static void tryAll() throws StartFailure {
        List<String> arguments = faults().stream()
                .flatMap(fault -> Stream.of(fault.kind.name(), fault.rules, Integer.toString(fault.skip)))
                .collect(Collectors.toList());
        String said = NestedJvm.of(Attempts.class, arguments.toArray(String[]::new))
                .run()
                .orThrow();
        List<Fault> faults = faults();
        said.lines()
                .filter(line -> line.startsWith("attempt "))
                .map(line -> line.split(" ", 3))
                .forEach(line ->
                        OUTCOMES.put(faults.get(Integer.parseInt(line[1])).toString(), line[2]));
        OUTCOMES.put("first", said);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachCallThatFailsIsNamedOrDoneWithout(Fault fault) {
        assertThat(OUTCOMES.get(fault.toString()))
                .isNotNull()
                .startsWith(fault.outcome + "; again: " + (fault.kind == Kind.SPAWNER ? ALL : "started"));
    }

    @Test
    void engineThatCouldNotBeSetUpIsTriedAgainByTheNextStart() {
        assertThat(OUTCOMES.get("first"))
                .containsPattern(
                        "(?m)^first: SPAWNER EMFILE Cannot run program \"[^\"]*tiny\": .*\\(Too many open files\\) \\(stage: spawner\\)$")
                .containsPattern("(?m)^second: Exited\\[code=3\\] native$");
    }

    @Test
    void threadsWhoseSetUpFailedLeaveNoStacks() {
        Matcher mappings =
                Pattern.compile("mappings before (\\d+) after (\\d+)").matcher(OUTCOMES.get("first"));
        assertThat(mappings.find()).isTrue();
        // A stack and its guard are two.
        assertThat(Integer.parseInt(mappings.group(2)) - Integer.parseInt(mappings.group(1)))
                .isLessThan(Attempts.FAILING_THREADS);
    }

    /** Sets engines up on threads whose system calls fail. */
    public static final class Attempts {
        private static final String EVENTS = "spawn4j-events";
        private static final int FAILING_THREADS = 40;

        private final NativeCalls calls = Jffi.open();
        private final CLibrary libc = CLibrary.ofProcess(calls);
        private final CoreLibrary core = CoreLoader.load(calls).core();
        private final Layout layout = new Layout(core);
        private final EventLoop loop = EventLoop.start(core);

        private Attempts() throws StartFailure {}

        /** Arguments: kind, rules, calls to skip; and so on. */
        public static void main(String[] arguments) throws Exception {
            System.out.println("first: " + on("socketpair=EMFILE", -1, Attempts::firstSpawn));
            System.out.println("second: " + firstSpawn() + " "
                    + SpawnCapabilities.current().engine());
            Attempts attempts = new Attempts();
            attempts.spawner();
            await().until(() -> ProcFs.threadsNamed(EVENTS).size() == 2);
            for (int i = 0; i < arguments.length; i += 3) {
                Kind kind = Kind.valueOf(arguments[i]);
                int skip = Integer.parseInt(arguments[i + 2]);
                System.out.println("attempt " + i / 3 + " " + attempts.outcome(kind, arguments[i + 1], skip));
            }
            attempts.failThreads();
            long before = mappings();
            attempts.failThreads();
            System.out.println("mappings before " + before + " after " + mappings());
            System.exit(0);
        }

        private void failThreads() throws InterruptedException {
            for (int i = 0; i < FAILING_THREADS; i++) {
                assertThat(on("dup3=EMFILE", -1, () -> launch(spawner()))).isEqualTo("SPAWNER EMFILE");
            }
        }

        private static long mappings() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
                return lines.count();
            }
        }

        private interface Attempt {
            String make() throws Exception;
        }

        private static String firstSpawn() throws Exception {
            try {
                return new SpawnBuilder(TestTools.command("tiny", "3"))
                        .start()
                        .exitStatus()
                        .toString();
            } catch (SpawnException e) {
                return e.stage().name() + " " + e.errnoName() + " " + e.getMessage();
            }
        }

        /** In a thread of its own: a filter stays for a thread's life. */
        private static String on(String rules, int skip, Attempt attempt) throws InterruptedException {
            BlockingQueue<Integer> ids = new LinkedBlockingQueue<>();
            CountDownLatch traced = new CountDownLatch(1);
            List<String> outcome = new ArrayList<>();
            Thread thread = new Thread(() -> {
                ids.add(TestTools.natives().threadHere());
                outcome.add(tried(skip < 0 ? rules : "", traced, attempt));
            });
            thread.start();
            int id = ids.take();
            // From here, for starting the tracer creates threads as well.
            try (FaultInjection injection = skip < 0 ? null : FaultInjection.after(id, rules, skip, 1)) {
                traced.countDown();
                thread.join();
                assertThat(injection == null ? 1 : injection.injectedInAll()).isEqualTo(1);
            }
            return outcome.get(0);
        }

        private static String tried(String filter, CountDownLatch begin, Attempt attempt) {
            try {
                begin.await();
                if (!filter.isEmpty()) {
                    TestTools.ok(TestTools.natives().seccompThisThread(filter));
                }
                return attempt.make();
            } catch (StartFailure e) {
                return "SPAWNER " + Errno.name(e.errno());
            } catch (SpawnException e) {
                return e.stage().name() + " " + e.errnoName();
            } catch (Exception e) {
                return e.toString();
            }
        }

        private String outcome(Kind kind, String rules, int skip) throws InterruptedException {
            LeakCheck leaks = LeakCheck.begin();
            String outcome;
            String again;
            switch (kind) {
                case EVENT_LOOP -> {
                    outcome = on(rules, skip, this::eventLoop);
                    leaks.assertClean();
                    again = on("", -1, this::eventLoop);
                }
                case PROBE -> {
                    outcome = on(rules, skip, this::probe);
                    leaks.assertClean();
                    again = on("", -1, this::probe);
                }
                default -> {
                    List<Spawner> made = new ArrayList<>();
                    outcome = on(rules, skip, () -> launch(rememberedIn(made)));
                    if (made.isEmpty()) {
                        leaks.assertClean();
                    }
                    // On the same spawner where it came up; the filter of its thread stays with it.
                    boolean same = !made.isEmpty() && !outcome.startsWith("started") && !staysFiltered(rules);
                    again = on("", -1, () -> launch(same ? made.get(0) : spawner()));
                }
            }
            return outcome + "; again: " + again;
        }

        private static boolean staysFiltered(String rules) {
            return rules.contains("recvmsg") || rules.contains("close_range") || rules.contains("sendmsg");
        }

        private Spawner rememberedIn(List<Spawner> made) throws StartFailure {
            Spawner spawner = spawner();
            made.add(spawner);
            return spawner;
        }

        private SpawnerSource source() {
            return new SpawnerSource(core, libc.find("pthread_join"), layout, 0);
        }

        private Spawner spawner() throws StartFailure {
            return source().start();
        }

        private String launch(Spawner spawner) throws Exception {
            Launcher launcher = new Launcher(new NativeEngine(core, libc, loop, source(), spawner));
            ChildProcess child = launcher.spawn(new SpawnRequest(
                    TestTools.command("tiny", "3"),
                    null,
                    null,
                    Redirect.PIPE,
                    Redirect.PIPE,
                    Redirect.PIPE,
                    false,
                    SpawnPolicy.defaults()));
            child.getInputStream().readAllBytes(); // ends only if the spawner has closed its copies
            ExitStatus status = child.exitStatus();
            if (!status.equals(new ExitStatus.Exited(3))) {
                return status.toString();
            }
            return "started "
                    + switch (spawner.table()) {
                        case Spawner.TABLE_CLOSE_RANGE -> "close_range";
                        case Spawner.TABLE_UNSHARE -> "unshare";
                        default -> "shared";
                    }
                    + (spawner.usesClone3() ? " clone3" : " clone")
                    + (spawner.hasPidfds() ? " pidfds" : "")
                    + (spawner.schedulingError() == 0 ? " leaders-scheduling" : "");
        }

        private String eventLoop() throws StartFailure {
            int before = ProcFs.threadsNamed(EVENTS).size();
            EventLoop.start(core);
            // A thread gets its name a moment after its start; a LeakCheck would take the named one for another.
            await().until(() -> ProcFs.threadsNamed(EVENTS).size() > before);
            return "started";
        }

        private String probe() throws StartFailure {
            return StartFailure.check("probe", core.probeDisposable()) == 0 ? "started" : "something is refused";
        }
    }
}
