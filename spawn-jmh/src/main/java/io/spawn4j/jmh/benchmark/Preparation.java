// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What an application may have spawn4j do before it needs a child. */
final class Preparation {
    private static final String ENGINE = "io.spawn4j.SpawnEngine";

    private Preparation() {}

    /**
     * Begins it, and returns when it is done.
     *
     * @throws IllegalStateException if the spawn4j that is measured cannot be prepared
     */
    static void await() throws InterruptedException, ExecutionException {
        await(ENGINE);
    }

    static void await(String engine) throws InterruptedException, ExecutionException {
        // By its name: a spawn4j without it can be measured all the same, but for this.
        Future<?> prepared;
        try {
            prepared = (Future<?>) Class.forName(engine).getMethod("prepare").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this spawn4j has no " + engine + ".prepare()", e);
        }
        prepared.get();
    }
}
