// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceUsage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child as those see it who learn of its end. */
public interface WatchedChild {
    long pid();

    /** Called once, by the thread that learned of the end: the event thread or one that waited. */
    void ended(ExitStatus how, @Nullable ResourceUsage used);

    boolean hasEnded();

    /** As {@link Process#waitFor(long, TimeUnit)}. */
    boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException;
}
