// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.spi.SpawnRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to make a child run a program. */
public interface Engine {
    EventLoop loop();

    /** Returns when the child runs its program; the caller owns what is returned. */
    Launched launch(SpawnRequest request, RedirectFiles files) throws SpawnException;

    /** Who learns of the child's end; takes over all its descriptors but those of its streams. */
    default ExitWatch watch(Launched launched, BufferPool exitRecords) {
        return launched.pidfd() >= 0
                ? new PidfdWatch(loop(), exitRecords, launched.pidfd())
                : new PidWatch(loop(), exitRecords, launched.pid());
    }

    /** What the host lets it do, as rows: each was found out by doing, or is now. */
    List<HostAbility> abilities();

    /** Why it cannot be ended now, or null. */
    default @Nullable String inUse() {
        return loop().inUse();
    }

    /** Ends its threads and gives everything back: only when nothing is {@link #inUse()}, and nothing will be. */
    default void close() {
        loop().close();
    }
}
