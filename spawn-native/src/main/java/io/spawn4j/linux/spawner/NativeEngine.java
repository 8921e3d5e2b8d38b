// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.Containment;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Engine;
import io.spawn4j.linux.child.ExitWatch;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.InitNeed;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.event.Deadline;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.tree.CgroupFiles;
import io.spawn4j.linux.tree.ContainmentFailures;
import io.spawn4j.linux.tree.HelperImage;
import io.spawn4j.linux.tree.InitAnswer;
import io.spawn4j.linux.tree.InitSettings;
import io.spawn4j.linux.tree.Rungs;
import io.spawn4j.linux.tree.TreeWatch;
import io.spawn4j.spi.SpawnRequest;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts children through the C core: takes a slot of the current spawner for each, and replaces a spawner that is
 * stuck.
 */
public final class NativeEngine implements Engine {
    /** Starts in their first two milliseconds at a time: each needs a slot, and a slot three descriptors. */
    private static final int QUICK_STARTS = 128;

    private static final int ATTEMPTS = 4;

    private final CoreLibrary core;
    private final CLibrary libc;
    private final EventLoop loop;
    private final SpawnerSource spawners;
    private final Semaphore quickStarts = new Semaphore(QUICK_STARTS);
    private final ReentrantLock succession = new ReentrantLock();

    /** What only some policies need: made for the first of them. */
    private final class Helpers {
        final HelperImage image = new HelperImage(core, libc);
        final Trials trials = new Trials(loop, NativeEngine.this::launch);
        final Rungs rungs = new Rungs(trials);
    }

    private volatile @Nullable Helpers helpers;
    private volatile Spawner spawner;

    /** A spawner was replaced. */
    private volatile boolean succeeded;

    NativeEngine(CoreLibrary core, CLibrary libc, EventLoop loop, SpawnerSource spawners, Spawner first) {
        this.core = core;
        this.libc = libc;
        this.loop = loop;
        this.spawners = spawners;
        this.spawner = first;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Launched launch(SpawnRequest request, RedirectFiles files) throws SpawnException {
        List<Containment> wanted = request.policy().containment();
        return launch(
                request,
                files,
                wanted.isEmpty() ? Containment.NONE : helpers().rungs.choose(request, wanted));
    }

    private Helpers helpers() {
        Helpers known = helpers;
        if (known != null) {
            return known;
        }
        succession.lock();
        try {
            known = helpers;
            if (known == null) {
                known = new Helpers();
                helpers = known;
            }
            return known;
        } finally {
            succession.unlock();
        }
    }

    private Launched launch(SpawnRequest request, RedirectFiles files, Containment containment) throws SpawnException {
        boolean interrupted = Thread.currentThread().isInterrupted();
        InitSettings settings = initSettings(request, containment);
        if (settings == null) {
            return launch(request, files, (RequestWriter.Helper) null, interrupted);
        }
        int descriptor = imageFor(request);
        try (CgroupFiles cgroups = CgroupFiles.open(core, request, containment)) {
            return launch(request, files, new RequestWriter.Helper(descriptor, settings, cgroups), interrupted);
        }
    }

    private Launched launch(
            SpawnRequest request, RedirectFiles files, RequestWriter.@Nullable Helper helper, boolean interrupted)
            throws SpawnException {
        Deadline deadline = new Deadline(request.policy().startTimeout().orElse(null));
        InitAnswer answer = helper == null ? null : new InitAnswer(core, loop, request, deadline);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Spawner current = spawner;
            Launched child = attempt(current, request, files, helper, deadline, interrupted);
            if (child != null) {
                return answer == null || helper == null
                        ? child
                        : answer.await(underItsSupervisor(child, helper), interrupted);
            }
            if (current.isStuck()) {
                replace(current, request);
            }
        }
        throw Failures.unprepared(
                request, SpawnStage.SPAWNER, new StartFailure("several spawner threads in a row took no requests"));
    }

    private Launched underItsSupervisor(Launched child, RequestWriter.@Nullable Helper helper) {
        if (helper == null || !helper.settings().supervises()) {
            return child;
        }
        InitSettings settings = helper.settings();
        return child.supervising(core, settings.containment(), helper.cgroups().leaf(settings.leaf()));
    }

    private @Nullable InitSettings initSettings(SpawnRequest request, Containment containment) throws SpawnException {
        if (InitNeed.settingsOf(request.policy()).isEmpty()) {
            return null;
        }
        Spawner parent = spawner;
        InitSettings settings =
                InitSettings.of(request, containment, new InitSettings.Parent(parent.tid(), parent.usesClone3()), libc);
        if (settings.supervises() && !parent.hasPidfds()) {
            throw ContainmentFailures.containment(request, containment, "clone(CLONE_PIDFD)", Errno.ENOSYS);
        }
        return settings;
    }

    private int imageFor(SpawnRequest request) throws SpawnException {
        try {
            return helpers().image.descriptor();
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.HELPER, e);
        }
    }

    @Override
    public ExitWatch watch(Launched launched, BufferPool exitRecords) {
        Launched.Supervisor supervisor = launched.supervisor();
        return supervisor == null
                ? Engine.super.watch(launched, exitRecords)
                : new TreeWatch(loop, launched, supervisor);
    }

    private @Nullable Launched attempt(
            Spawner current,
            SpawnRequest request,
            RedirectFiles files,
            RequestWriter.@Nullable Helper helper,
            Deadline deadline,
            boolean interrupted)
            throws SpawnException {
        Start start;
        long begun;
        if (!deadline.acquire(quickStarts)) {
            throw Failures.late(request, SpawnStage.SPAWNER);
        }
        try {
            start = new Start(
                    core,
                    loop,
                    current,
                    current.take(deadline),
                    request,
                    deadline,
                    interrupted,
                    new UnderSupervisor(helper));
            begun = start.begin(files, helper);
        } catch (StartFailure e) {
            if (deadline.passed()) {
                throw Failures.late(request, SpawnStage.SPAWNER);
            }
            if (current.isStuck()) {
                return null;
            }
            throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
        } finally {
            quickStarts.release();
        }
        return start.finish(begun, files);
    }

    @Override
    public List<HostAbility> abilities() {
        Helpers tried = helpers();
        return new NativeAbilities(spawner, tried.trials, tried.rungs).rows();
    }

    @Override
    public @Nullable String inUse() {
        String use = loop.inUse();
        if (use == null && succeeded) {
            use = "a spawner thread was stuck, and may have children that hang";
        }
        return use == null ? spawner.inUse() : use;
    }

    @Override
    public void close() {
        try {
            spawner.close();
            Helpers made = helpers;
            if (made != null) {
                made.image.close();
            }
        } finally {
            loop.close();
        }
    }

    // A class of its own: the first lambda of a JVM costs milliseconds, and this is on the way to its first child.
    private final class UnderSupervisor implements UnaryOperator<Launched> {
        private final RequestWriter.@Nullable Helper helper;

        UnderSupervisor(RequestWriter.@Nullable Helper helper) {
            this.helper = helper;
        }

        @Override
        public Launched apply(Launched child) {
            return underItsSupervisor(child, helper);
        }
    }

    private void replace(Spawner stuck, SpawnRequest request) throws SpawnException {
        succession.lock();
        try {
            if (spawner == stuck) {
                Log.warn(
                        NativeEngine.class,
                        "spawner thread {} takes no requests (stuck in the kernel, or stopped); starting another one",
                        stuck.tid());
                // The old thread is never ended: its children's parent-death signal hangs on it.
                succeeded = true;
                spawner = spawners.start();
                stuck.retire();
            }
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.SPAWNER, e);
        } finally {
            succession.unlock();
        }
    }
}
