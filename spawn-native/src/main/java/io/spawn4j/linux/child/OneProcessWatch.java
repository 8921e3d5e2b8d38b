// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the watches of a child without a supervisor share: it is this JVM's own child, and its number is its own until
 * it is reaped.
 */
abstract class OneProcessWatch implements ExitWatch {
    final ReentrantLock reaping = new ReentrantLock();

    /** Guarded by {@link #reaping}. */
    boolean reaped;

    @Override
    public Killed killAll(WatchedChild watched, long nanos) throws InterruptedException {
        return LoneKill.run(watched, this, nanos);
    }

    @Override
    public <T> @Nullable T whileUnreaped(Supplier<@Nullable T> question) {
        reaping.lock();
        try {
            return reaped ? null : question.get();
        } finally {
            reaping.unlock();
        }
    }
}
