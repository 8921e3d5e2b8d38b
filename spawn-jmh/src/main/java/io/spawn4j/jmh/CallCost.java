// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.util.ArrayList;
import java.util.List;

/** What it costs the C contender to be called from Java for each child, instead of looping in C. */
final class CallCost {
    private static final int PAIRS = 11;
    private static final int SPAWNS = 1000;

    private CallCost() {}

    /** Microseconds per child, called minus looped, one value per pair of runs. */
    static Sample micros() {
        CLibrary library = CLibrary.instance();
        called(library);
        List<Double> differences = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            // Which one goes first alternates: the second finds warmer caches.
            long called = pair % 2 == 0 ? called(library) : 0;
            long looped = library.spawnLoopNanos(Program.TINY, true, SPAWNS);
            if (pair % 2 != 0) {
                called = called(library);
            }
            differences.add((called - looped) / 1000.0 / SPAWNS);
        }
        return new Sample(differences);
    }

    private static long called(CLibrary library) {
        long begin = System.nanoTime();
        for (int i = 0; i < SPAWNS; i++) {
            library.spawnAndWait(Program.TINY, true);
        }
        return System.nanoTime() - begin;
    }
}
