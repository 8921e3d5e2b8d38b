// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.engine;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.shutDown;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.OrphanReaper;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.TestTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine is ended while others use it, or want to. */
@Tag(NestedSuite.MAIN_ONLY)
class ShutdownTest {
    private static final String REFUSED = "refused: the spawn4j engine is in use: ";

    /** Starts children on several threads, asks for the host's abilities on another, and ends the engine meanwhile. */
    public static final class BesideStarts {
        private static final int THREADS = 3;

        private static final int SHUTDOWNS = 100;

        private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

        private BesideStarts() {}

        /** Runs it. */
        public static void main(String[] arguments) throws InterruptedException {
            Set<String> outcomes = new ConcurrentSkipListSet<>();
            AtomicInteger starts = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> {
                    while (!enough.get()) {
                        outcomes.add(start());
                        starts.incrementAndGet();
                        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
                    }
                }));
            }
            threads.add(new Thread(() -> {
                do {
                    outcomes.add(engine());
                    LockSupport.parkNanos(10 * PAUSE_NANOS);
                } while (!enough.get());
            }));
            threads.forEach(Thread::start);
            int shutdowns = 0;
            int before = 0;
            while (shutdowns < SHUTDOWNS) {
                while (starts.get() == before) { // without one there would be nothing to shut down
                    Thread.onSpinWait();
                }
                before = starts.get();
                String outcome = shutDown();
                outcomes.add(outcome.replaceAll("\\b\\d+\\b", "N")); // not that of a name
                if (outcome.equals("shut down")) {
                    shutdowns++;
                }
            }
            enough.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            outcomes.forEach(outcome -> say("outcome", outcome));
            say("afterwards", start());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F41: shutdowns beside starts: each start works, on the engine that was or on the next")
    void shutdownsBesideStarts(String engine) {
        String said = Jars.jvm(BesideStarts.class)
                .property("io.spawn4j.engine", engine)
                .run()
                .orThrow();
        assertThat(said.lines())
                .contains("outcome: " + STARTED, "outcome: " + engine, "outcome: shut down", "afterwards: " + STARTED)
                .allMatch(line -> line.startsWith("outcome: " + REFUSED)
                        || line.matches("(outcome|afterwards): (" + STARTED + "|" + engine + "|shut down)"));
    }

    /** Ends the engine while orphans are reaped. */
    public static final class BesideReaping {
        private BesideReaping() {}

        /** Runs it. */
        public static void main(String[] arguments) {
            OrphanReaper reaper = OrphanReaper.install();
            say("installed", shutDown());
            say("meanwhile", start());
            reaper.close();
            say("closed", shutDown());
            say("afterwards", start());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F41: a shutdown is refused while an OrphanReaper is installed")
    void shutdownBesideReaping(String engine) {
        assertThat(Jars.jvm(BesideReaping.class)
                        .through(TestTools.command("become", "subreaper"))
                        .property("io.spawn4j.engine", engine)
                        .run()
                        .orThrow()
                        .lines())
                .containsExactly(
                        "installed: refused: an OrphanReaper is installed: close it first",
                        "meanwhile: " + STARTED,
                        "closed: shut down",
                        "afterwards: " + STARTED);
    }
}
