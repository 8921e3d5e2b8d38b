// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.child.JvmEnvironment;
import io.spawn4j.linux.event.Door;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.event.Sigchld;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.CoreLoader;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Jffi;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.LoadedCore;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeCalls;
import io.spawn4j.linux.kernel.StartFailure;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings the native engine up: jffi, the C core, the event thread, the spawner thread. What is loaded once stays
 * loaded, since it cannot be unloaded; a thread that has been started, with its descriptors, is ended again when a
 * later step fails.
 */
public final class NativeSteps implements Door.Steps<NativeEngine> {
    private static final int AVOID_WHAT_IS_PROBED =
            Spawner.AVOID_CLONE3 | Spawner.AVOID_CLOSE_RANGE | Spawner.AVOID_PIDFD;
    private static final int PROBES = 4;
    private static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    // Used by one thread at a time: the door's.
    private @Nullable NativeCalls calls;
    private @Nullable LoadedCore core;

    /** Kept after a failure, too, if it has a thread that is still closing its copies of descriptors. */
    private @Nullable SpawnerSource spawners;

    @Override
    public NativeEngine open() throws StartFailure {
        Preload.begin();
        NativeCalls bound = calls == null ? Jffi.open() : calls;
        calls = bound;
        JvmEnvironment.current(); // read while there are descriptors for that
        LoadedCore loaded = core == null ? CoreLoader.load(bound) : core;
        core = loaded;
        CoreLibrary library = loaded.core();
        CLibrary libc = CLibrary.ofProcess(bound);
        SpawnerSource source = spawners == null
                ? new SpawnerSource(library, libc.find("pthread_join"), new Layout(library), avoid(library))
                : spawners;
        EventLoop loop = EventLoop.start(library);
        Spawner spawner = null;
        boolean done = false;
        try {
            Sigchld.restore(library);
            loop.schedule(FailureClasses.DELAY_NANOS, new FailureClasses());
            spawners = source;
            spawner = source.start();
            warnOfDegradations(spawner);
            NativeEngine engine = new NativeEngine(library, libc, loop, source, spawner);
            done = true;
            return engine;
        } finally {
            if (!done) {
                if (spawner != null && spawner.inUse() == null) {
                    spawner.close();
                }
                loop.close();
                spawners = source.hangs() ? source : null; // what is to be avoided may have been a passing shortage
            }
        }
    }

    /** Lets go of what jffi and the loader have given. */
    @Override
    public void forget() {
        spawners = null;
        if (core != null) {
            core.closeImage();
        }
        core = null;
        calls = null;
    }

    private static int avoid(CoreLibrary core) throws StartFailure {
        int avoid = core.seccompMode() > 0 ? probe(core) : 0;
        String forced = System.getProperty(EngineOptions.CLONE, "");
        switch (forced) {
            case "", "clone3" -> {}
            case "clone" -> avoid |= Spawner.AVOID_CLONE3;
            default -> throw new StartFailure("-D" + EngineOptions.CLONE + "=" + forced + ": clone3 or clone");
        }
        return avoid;
    }

    // A filter may answer an unknown call by killing the process: that process is not to be the JVM. Where no process
    // can be made for that, older calls do.
    private static int probe(CoreLibrary core) {
        long found = core.probeDisposable();
        for (int i = 1; i < PROBES && found < 0; i++) {
            LockSupport.parkNanos(PROBE_PAUSE_NANOS);
            found = core.probeDisposable();
        }
        if (found >= 0) {
            return (int) found;
        }
        Log.warn(
                NativeSteps.class,
                "what the seccomp filter allows cannot be tried in a process of its own ({}): clone3, close_range and pidfds"
                        + " are not used",
                Errno.describe(-found));
        return AVOID_WHAT_IS_PROBED;
    }

    private static void warnOfDegradations(Spawner spawner) {
        if (spawner.table() == Spawner.TABLE_SHARED) {
            Log.warn(
                    NativeSteps.class,
                    "the spawner thread shares this process's descriptor table (close_range: {}; unshare: {}): a spawn"
                            + " costs more with many open descriptors, and a file that a program is written to may be"
                            + " busy in a child",
                    Errno.describe(spawner.closeRangeError()),
                    Errno.describe(spawner.unshareError()));
        }
        if (!spawner.hasPidfds()) {
            Log.warn(NativeSteps.class, "no pidfds here ({}): each child gets a waiter thread", spawner.whyNoPidfds());
        }
        if (spawner.schedulingError() != 0) {
            Log.warn(
                    NativeSteps.class,
                    "children inherit affinity, nice and scheduling class of the thread that spawned first, not of the"
                            + " process leader: {}",
                    Errno.describe(spawner.schedulingError()));
        }
    }
}
