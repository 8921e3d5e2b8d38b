// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.linux.child.JvmEnvironment;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.event.Sigchld;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.Jffi;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.StartFailure;

/** Brings the posix_spawn engine up: jffi, the libc's functions, the event thread. */
public final class PosixSteps implements Door.Steps<PosixSpawnEngine> {
    @Override
    public PosixSpawnEngine open() throws StartFailure {
        CLibrary libc = CLibrary.ofProcess(Jffi.open());
        JvmEnvironment.current(); // read while there are descriptors for that
        LibcKernel kernel = new LibcKernel(libc);
        PosixSpawnFunctions functions = new PosixSpawnFunctions(libc);
        PosixSpawnAbilities abilities = PosixSpawnAbilities.find(functions, kernel);
        EventLoop loop = EventLoop.start(kernel);
        boolean done = false;
        try {
            Sigchld.restore(kernel);
            warnOfLacks(abilities);
            PosixSpawnEngine engine = new PosixSpawnEngine(functions, kernel, loop, abilities);
            done = true;
            return engine;
        } finally {
            if (!done) {
                loop.close();
            }
        }
    }

    private static void warnOfLacks(PosixSpawnAbilities abilities) {
        if (!abilities.closesRest()) {
            Log.warn(
                    PosixSteps.class,
                    "this libc has no posix_spawn_file_actions_addclosefrom_np: descriptors that native code opened"
                            + " without O_CLOEXEC reach children");
        }
        if (!abilities.pidfds()) {
            Log.warn(PosixSteps.class, "no pidfds here: each child gets a waiter thread");
        }
    }
}
