// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.kernel.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills what is in the cgroup of a tree whose spawn4j-init was killed, and removes it. */
record AbandonedLeaf(Path directory) implements Runnable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Does so, if the tree has one. */
    static void end(Launched.Supervisor supervisor) {
        if (supervisor.leaf() != null) {
            CleanThreads.start("spawn4j-leaf", new AbandonedLeaf(supervisor.leaf()));
        }
    }

    @Override
    public void run() {
        try {
            Files.writeString(directory.resolve("cgroup.kill"), "1");
            long pause = FIRST_PAUSE_NANOS;
            while (!Files.readString(directory.resolve("cgroup.events")).contains("populated 0")) {
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
            }
            Files.deleteIfExists(directory);
        } catch (NoSuchFileException gone) {
            // somebody else removed it: nothing is left to do
        } catch (IOException e) {
            Log.warn(AbandonedLeaf.class, "the cgroup of a tree whose spawn4j-init was killed stays: {}", directory, e);
        }
    }
}
