// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.BufferPool;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.stream.Streams;
import io.spawn4j.spi.SpawnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What both engines share: opens redirects, launches, and makes a {@link LinuxChild} of what runs. */
public final class Launcher {
    private static final int KILLED_SECONDS = 2;

    private final Engine engine;
    private final EventLoop loop;
    private final BufferPool buffers = new BufferPool(BufferPool.PIPE_BYTES);
    private final BufferPool exitRecords = new BufferPool(ExitRecord.BYTES);

    public Launcher(Engine engine) {
        this.engine = engine;
        this.loop = engine.loop();
    }

    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        try (RedirectFiles files = RedirectFiles.open(loop.kernel(), request)) {
            return adopt(request, engine.launch(request, files));
        }
    }

    /**
     * Starts each with the stdout of the one before as its stdin. The write end of such a pipe is never in this JVM's
     * table, so no foreign fork can hold it open; the read end is for the moment in which it is passed on.
     */
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        List<ChildProcess> children = new ArrayList<>(requests.size());
        int passedOn = -1;
        boolean complete = false;
        try {
            for (int i = 0; i < requests.size(); i++) {
                SpawnRequest request = requests.get(i);
                try (RedirectFiles files = RedirectFiles.open(loop.kernel(), request)) {
                    if (passedOn >= 0) {
                        files.takeAsStdin(passedOn);
                        passedOn = -1;
                    }
                    Launched launched = engine.launch(request, files);
                    if (i < requests.size() - 1) {
                        passedOn = launched.stdout();
                        launched = launched.withoutStdout();
                    }
                    children.add(adopt(request, launched));
                }
                if (passedOn >= 0) {
                    makeStdin(passedOn, requests.get(i + 1));
                }
            }
            complete = true;
            return children;
        } finally {
            if (passedOn >= 0) {
                loop.kernel().close(passedOn);
            }
            if (!complete) {
                end(children);
            }
        }
    }

    // As ProcessBuilder does, so that none of them still holds a file or a port when the caller tries again; but not
    // for longer than a killed child that does not hang takes.
    private static void end(List<ChildProcess> children) {
        children.forEach(Process::destroyForcibly);
        boolean interrupted = false;
        for (ChildProcess child : children) {
            try {
                child.waitFor(KILLED_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // An engine's pipes are non-blocking on the parent's side: a program that reads its stdin would take EAGAIN for an
    // error.
    private void makeStdin(int readEnd, SpawnRequest reader) throws SpawnException {
        long changed = loop.kernel().setBlocking(readEnd);
        if (changed < 0) {
            throw Failures.at(reader, SpawnStage.PIPE, (int) -changed);
        }
    }

    private ChildProcess adopt(SpawnRequest request, Launched launched) {
        try {
            return wrap(request, launched);
        } catch (Throwable e) { // nobody would own the child
            LiveChildren.remove(launched.pid());
            launched.kill(loop.kernel());
            Burial.bury(loop, launched);
            throw e;
        }
    }

    private LinuxChild wrap(SpawnRequest request, Launched launched) {
        Streams streams = new Streams(loop, buffers, launched.stdin(), launched.stdout(), launched.stderr());
        ExitWatch watch = engine.watch(launched, exitRecords);
        LinuxChild child = new LinuxChild(launched.pid(), request.command().get(0), streams, watch);
        LiveChildren.add(child);
        watch.begin(child);
        return child;
    }
}
