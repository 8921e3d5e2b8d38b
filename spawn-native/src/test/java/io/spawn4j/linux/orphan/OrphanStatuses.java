// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.OrphanReaper;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Orphans;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Children by the thousand in a JVM that reaps orphans meanwhile. Arguments: jdk or spawn4j, and how many. */
public final class OrphanStatuses {
    private static final int CALLERS = 4;

    private interface Starter {
        Process start(List<String> command) throws IOException;
    }

    private final Starter starter;
    private final int children;
    private final AtomicInteger next = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong orphans = new AtomicLong();

    private OrphanStatuses(Starter starter, int children) {
        this.starter = starter;
        this.children = children;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Starter starter = arguments[0].equals("jdk")
                ? command -> new ProcessBuilder(command).start()
                : command -> new SpawnBuilder(command).start();
        TestTools.ok(TestTools.natives().subreaper(1));
        try (OrphanReaper reaper = OrphanReaper.install(OrphanReaperCases.GRACE)) {
            OrphanStatuses run = new OrphanStatuses(starter, Integer.parseInt(arguments[1]));
            run.all();
            assertThat(run.wrong).isEmpty();
            await().untilAsserted(() -> assertThat(ProcFs.children()).isEmpty());
            assertThat(reaper.reaped()).isEqualTo(run.orphans.get()).isPositive();
        }
    }

    private void all() throws InterruptedException {
        Thread[] callers = new Thread[CALLERS];
        for (int i = 0; i < CALLERS; i++) {
            callers[i] = new Thread(this::start);
            callers[i].start();
        }
        while (next.get() < children) {
            orphans.addAndGet(Orphans.make(5).size());
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private void start() {
        for (int i = next.getAndIncrement(); i < children; i = next.getAndIncrement()) {
            int code = i % 256;
            try {
                // Every other child is among the adopted ones when it ends.
                Process child = i % 2 == 0
                        ? starter.start(TestTools.command("tiny", Integer.toString(code)))
                        : OrphanReaperCases.onThreadThatEnds(
                                () -> starter.start(List.of("sh", "-c", "read line; exit " + code)));
                child.getOutputStream().close();
                int got = child.waitFor();
                if (got != code) {
                    wrong.add(got + " instead of " + code);
                }
            } catch (Exception e) {
                wrong.add(e.toString());
            }
        }
    }
}
