// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What it costs the C contender to be called from Java for each child, instead of looping in C. */
public final class CallCost {
    private static final int PAIRS = 11;
    private static final int SPAWNS = 1000;

    private CallCost() {}

    /** Microseconds per child, called minus looped, one value per pair of runs. */
    public static List<Double> micros() throws IOException, InterruptedException {
        Command command = Command.of(Program.TINY, Streams.PIPES);
        Prepared prepared = Contender.C_POSIX_SPAWN.prepare(command);
        called(prepared);
        List<Double> differences = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            // Which one goes first alternates: the second finds warmer caches.
            long called = pair % 2 == 0 ? called(prepared) : 0;
            long looped = CLibrary.instance().spawnLoopNanos(command, SPAWNS, CLibrary.How.POSIX_SPAWN);
            if (pair % 2 != 0) {
                called = called(prepared);
            }
            differences.add((called - looped) / 1000.0 / SPAWNS);
        }
        return differences;
    }

    private static long called(Prepared prepared) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < SPAWNS; i++) {
            prepared.spawnAndWait();
        }
        return System.nanoTime() - begin;
    }
}
