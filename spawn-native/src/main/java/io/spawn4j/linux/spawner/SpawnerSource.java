// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.kernel.CFunction;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.StartFailure;
import org.jspecify.annotations.Nullable;

/**
 * Starts spawner threads. One that hangs while it sets itself up is not forgotten: the next call goes on waiting for
 * it.
 */
final class SpawnerSource {
    private final CoreLibrary core;
    private final @Nullable CFunction join;
    private final Layout layout;
    private final int avoid;
    private @Nullable Spawner starting;

    SpawnerSource(CoreLibrary core, @Nullable CFunction join, Layout layout, int avoid) {
        this.core = core;
        this.join = join;
        this.layout = layout;
        this.avoid = avoid;
    }

    /** Whether there is one that hangs. */
    synchronized boolean hangs() {
        return starting != null;
    }

    synchronized Spawner start() throws StartFailure {
        Spawner spawner = starting == null ? Spawner.create(core, join, layout, avoid) : starting;
        starting = spawner;
        try {
            spawner.awaitReady();
            starting = null;
            return spawner;
        } catch (StartFailure e) {
            if (e.errno() != Errno.ETIMEDOUT) {
                starting = null;
            }
            throw e;
        }
    }
}
