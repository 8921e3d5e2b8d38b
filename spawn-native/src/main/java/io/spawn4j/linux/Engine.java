// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.spi.SpawnRequest;

/** A way to make a child run a program. */
interface Engine {
    EventLoop loop();

    /** Returns when the child runs its program; the caller owns what is returned. */
    Launched launch(SpawnRequest request, RedirectFiles files) throws SpawnException;
}
