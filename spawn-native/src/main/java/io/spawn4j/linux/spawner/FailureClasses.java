// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.tree.InitAnswer;
import java.util.concurrent.TimeUnit;

/**
 * Loads the classes that a failed start needs, on the event thread, once the first child is likely to be under way: to
 * load one may take a descriptor, and a start may fail for want of one.
 */
final class FailureClasses implements Runnable {
    static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public void run() {
        Class<?>[] types = {
            AbandonedStart.class, AbandonedStart.Phase.class, Burial.class, Failures.class, InitAnswer.class
        };
        for (Class<?> type : types) {
            try {
                Class.forName(type.getName(), true, type.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new LinkageError(type.getName(), e);
            }
        }
    }
}
