// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.Containment;
import io.spawn4j.SpawnCapabilities;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.event.CleanThreads;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.event.Sigchld;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.CoreLoader;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.tree.CgroupLimit;
import io.spawn4j.linux.tree.InitAnswer;
import io.spawn4j.linux.tree.LeafParent;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the native engine up, step by step, once per JVM. A step that fails for want of a resource is tried again by the next
 * spawn; one that the host cannot do makes the engine unavailable.
 */
public final class NativeSetup {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSetup.class);

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable NativeEngine engine;

    /** Attempts that have ended in failure. */
    private final AtomicInteger failures = new AtomicInteger();

    // Guarded by lock.
    private @Nullable CoreLibrary core;
    private @Nullable SpawnerSource spawners;
    private @Nullable EventLoop loop;
    private @Nullable StartFailure lastFailure;
    private @Nullable StartFailure permanent;

    /** The engine, set up if it is not. An attempt may take seconds: whoever waits for another's meanwhile shares its failure. */
    public NativeEngine engine() throws StartFailure {
        NativeEngine known = engine;
        if (known != null) {
            return known;
        }
        int failuresBefore = failures.get();
        lock.lock();
        try {
            known = engine;
            if (known != null) {
                return known;
            }
            if (permanent != null) {
                throw permanent;
            }
            if (lastFailure != null && failures.get() != failuresBefore) {
                throw lastFailure;
            }
            known = start();
            engine = known;
            return known;
        } catch (StartFailure e) {
            noteFailure(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void noteFailure(StartFailure failure) {
        if (failure != lastFailure) {
            lastFailure = failure;
            failures.incrementAndGet();
        }
        if (!Errno.isShortage(failure.errno())) {
            permanent = failure;
        }
    }

    /** Why the engine can never run here, or null; a passing shortage is no such reason. */
    public @Nullable String unavailable() {
        try {
            engine();
            return null;
        } catch (StartFailure e) {
            return Errno.isShortage(e.errno()) ? null : e.getMessage();
        }
    }

    private NativeEngine start() throws StartFailure {
        CoreLibrary library = core;
        if (library == null) {
            library = CoreLoader.load();
            core = library;
        }
        if (spawners == null) {
            spawners = new SpawnerSource(library, new Layout(library), avoid(library));
        }
        if (loop == null) {
            loop = EventLoop.start(library);
            Sigchld.restore(library);
        }
        Spawner spawner = spawners.start();
        loadWhatFailuresNeed();
        warnOfDegradations(spawner);
        return new NativeEngine(library, loop, spawners, spawner);
    }

    // Loading a class may take a descriptor, and a start may fail for want of one.
    private static void loadWhatFailuresNeed() throws StartFailure {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            for (Class<?> type : List.of(
                    AbandonedStart.class,
                    AbandonedStart.Phase.class,
                    EventLoop.Timer.class,
                    Burial.class,
                    Failures.class,
                    InitAnswer.class,
                    CleanThreads.class)) {
                lookup.ensureInitialized(type);
            }
        } catch (IllegalAccessException e) {
            throw new StartFailure("a class of this package cannot be initialized", e);
        }
    }

    private static int avoid(CoreLibrary core) throws StartFailure {
        int avoid = 0;
        // A filter may answer an unknown call by killing the process: that process is not to be the JVM.
        if (core.seccompMode() > 0) {
            avoid = StartFailure.check("probing the seccomp filter", core.probeDisposable());
        }
        String forced = System.getProperty(EngineOptions.CLONE, "");
        switch (forced) {
            case "", "clone3" -> {}
            case "clone" -> avoid |= Spawner.AVOID_CLONE3;
            default -> throw new StartFailure("-D" + EngineOptions.CLONE + "=" + forced + ": clone3 or clone");
        }
        return avoid;
    }

    private static void warnOfDegradations(Spawner spawner) {
        if (spawner.table() == Spawner.TABLE_SHARED) {
            LOG.warn(
                    "the spawner thread shares this process's descriptor table (close_range: {}; unshare: {}): a spawn"
                            + " costs more with many open descriptors, and a file that a program is written to may be"
                            + " busy in a child",
                    Errno.describe(spawner.closeRangeError()),
                    Errno.describe(spawner.unshareError()));
        }
        if (!spawner.hasPidfds()) {
            LOG.warn("no pidfds here ({}): each child gets a waiter thread", pidfdReason(spawner));
        }
        if (spawner.schedulingError() != 0) {
            LOG.warn(
                    "children inherit affinity, nice and scheduling class of the thread that spawned first, not of the"
                            + " process leader: {}",
                    Errno.describe(spawner.schedulingError()));
        }
    }

    private static String pidfdReason(Spawner spawner) {
        return spawner.pidfdError() == 0 ? "refused by the seccomp filter" : Errno.describe(spawner.pidfdError());
    }

    public SpawnCapabilities capabilities(String name) throws StartFailure {
        Spawner spawner = engine().spawner();
        List<SpawnCapabilities.Row> rows = new ArrayList<>();
        rows.add(row(
                "clone3 with CLONE_CLEAR_SIGHAND",
                spawner.usesClone3(),
                spawner.usesClone3()
                        ? "cloned a test child"
                        : spawner.clone3Error() != 0
                                ? Errno.describe(spawner.clone3Error()) + "; clone serves instead"
                                : "ruled out by -D" + EngineOptions.CLONE
                                        + " or the seccomp filter; clone serves instead"));
        rows.add(row(
                "private descriptor table",
                spawner.table() != Spawner.TABLE_SHARED,
                switch (spawner.table()) {
                    case Spawner.TABLE_CLOSE_RANGE -> "close_range(CLOSE_RANGE_UNSHARE)";
                    case Spawner.TABLE_UNSHARE ->
                        "unshare(CLONE_FILES); close_range: " + Errno.describe(spawner.closeRangeError());
                    default ->
                        "close_range: " + Errno.describe(spawner.closeRangeError()) + ", unshare: "
                                + Errno.describe(spawner.unshareError());
                }));
        rows.add(row(
                "pidfds",
                spawner.hasPidfds(),
                spawner.hasPidfds() ? "polled, signalled and waited for a test child" : pidfdReason(spawner)));
        rows.add(row(
                "scheduling attributes of the process leader",
                spawner.schedulingError() == 0,
                spawner.schedulingError() == 0
                        ? "taken over by the spawner thread"
                        : Errno.describe(spawner.schedulingError())));
        String noHelper = engine().helperFailure();
        rows.add(row(
                "spawn4j-init, for OOM score and credentials",
                noHelper == null,
                noHelper == null ? "became another program in a test child" : noHelper));
        for (Containment containment : Containment.values()) {
            if (containment != Containment.NONE) {
                SpawnException refusal = engine().containmentRefusal(containment);
                rows.add(row(
                        "containment " + containment,
                        refusal == null,
                        refusal == null ? "held a test child" : String.valueOf(refusal.getMessage())));
            }
        }
        addCgroupLimits(rows);
        rows.add(row("spawner thread", true, "thread id " + spawner.tid()));
        return new SpawnCapabilities(name, "native C core, ABI version " + Layout.ABI_VERSION, rows);
    }

    private void addCgroupLimits(List<SpawnCapabilities.Row> rows) throws StartFailure {
        List<String> controllers = List.of();
        String how;
        try {
            controllers = LeafParent.controllers();
            how = "cgroup.subtree_control of " + LeafParent.find() + ": " + String.join(" ", controllers);
        } catch (StartFailure e) {
            how = String.valueOf(e.getMessage());
        }
        boolean cgroups = engine().containmentRefusal(Containment.CGROUP) == null;
        for (CgroupLimit limit : CgroupLimit.values()) {
            rows.add(row(
                    "cgroup limit " + limit.file(),
                    cgroups && controllers.contains(limit.controller()),
                    cgroups ? how : "no containment CGROUP"));
        }
    }

    private static SpawnCapabilities.Row row(String name, boolean available, String how) {
        return new SpawnCapabilities.Row(name, available, how);
    }
}
