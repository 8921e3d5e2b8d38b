// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnException;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.spi.SpawnRequest;

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
}
