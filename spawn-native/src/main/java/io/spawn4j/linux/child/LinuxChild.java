// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.ResourceUsage;
import io.spawn4j.Signal;
import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.stream.Streams;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A child of either engine: its streams, and its end as {@link ExitWatch} learns of it. */
final class LinuxChild extends ChildProcess implements WatchedChild {
    private final int pid;
    private final String program;
    private final Streams streams;
    private final ExitWatch watch;
    private final CountDownLatch exited = new CountDownLatch(1);

    private volatile @Nullable ExitStatus status;
    private volatile @Nullable ResourceUsage usage;

    private volatile @Nullable ProcessHandle handle;

    private @Nullable CompletableFuture<ExitStatus> future; // guarded by this

    LinuxChild(int pid, String program, Streams streams, ExitWatch watch) {
        this.pid = pid;
        this.program = program;
        this.streams = streams;
        this.watch = watch;
    }

    @Override
    public void ended(ExitStatus how, @Nullable ResourceUsage used) {
        try {
            LiveChildren.remove(this);
            streams.childExited();
        } finally { // whatever became of its output, a status that was reaped cannot be had twice
            CompletableFuture<ExitStatus> waiting;
            synchronized (this) {
                usage = used;
                status = how;
                waiting = future;
            }
            exited.countDown();
            if (waiting != null) {
                waiting.completeAsync(() -> how);
            }
        }
    }

    @Override
    public boolean hasEnded() {
        return status != null;
    }

    @Override
    public ExitStatus exitStatus() throws InterruptedException {
        ExitStatus seen = status;
        if (seen == null) {
            if (!awaitHere(Long.MAX_VALUE)) {
                exited.await();
            }
            seen = status;
        }
        if (seen == null) {
            throw new AssertionError("woken without a status");
        }
        return seen;
    }

    @Override
    public int waitFor() throws InterruptedException {
        return exitStatus().toExitValue();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        if (hasEnded()) {
            return true;
        }
        if (nanos <= 0) {
            return false;
        }
        long deadline = System.nanoTime() + nanos;
        return awaitHere(nanos) || exited.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Waits on this thread, as long as that saves a thread switch; a virtual one leaves its carrier to others. */
    private boolean awaitHere(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (VirtualThreads.current()) {
            watch.watchNow();
            return hasEnded();
        }
        return watch.awaitHere(this, nanos);
    }

    @Override
    public int exitValue() {
        ExitStatus seen = status;
        if (seen == null) {
            throw new IllegalThreadStateException("process hasn't exited");
        }
        return seen.toExitValue();
    }

    @Override
    public boolean isAlive() {
        return !hasEnded();
    }

    @Override
    public CompletableFuture<ExitStatus> onExitStatus() {
        watch.watchNow();
        return exitFuture();
    }

    private synchronized CompletableFuture<ExitStatus> exitFuture() {
        if (future == null) {
            future = new CompletableFuture<>();
            ExitStatus seen = status;
            if (seen != null) {
                future.complete(seen);
            }
        }
        return future.copy();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return onExitStatus().thenApply(ignored -> this);
    }

    @Override
    public Optional<ResourceUsage> resourceUsage() {
        return Optional.ofNullable(usage);
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public void signal(Signal signal) {
        long result = watch.signal(signal.number());
        if (result < 0) {
            throw new IllegalStateException(
                    "Cannot send " + signal + " to process " + pid + ": " + Errno.describe(-result));
        }
    }

    @Override
    public Containment containment() {
        return watch.containment();
    }

    @Override
    public KillReport killTree(Duration grace) throws InterruptedException {
        return new TreeKill(this, watch, grace).run();
    }

    @Override
    public void destroy() {
        end(Signal.SIGTERM);
    }

    @Override
    public Process destroyForcibly() {
        end(Signal.SIGKILL);
        return this;
    }

    private void end(Signal signal) {
        if (!hasEnded()) {
            watch.signal(signal.number());
        }
        streams.closeAll();
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public OutputStream getOutputStream() {
        return streams.toChild();
    }

    @Override
    public InputStream getInputStream() {
        return streams.fromStdout();
    }

    @Override
    public InputStream getErrorStream() {
        return streams.fromStderr();
    }

    @Override
    public ProcessHandle toHandle() {
        ProcessHandle seen = handle;
        if (seen == null) {
            // Without an unreaped child behind it the number may be a stranger's. The reaper comes here with
            // its own lock held: none of ours may be held while asking it.
            seen = watch.whileUnreaped(() -> ProcessHandle.of(pid).orElse(null));
            handle = seen;
        }
        return seen == null ? new EndedHandle(this) : seen;
    }

    @Override
    public ProcessHandle.Info info() {
        return toHandle().info();
    }

    @Override
    public Stream<ProcessHandle> children() {
        return toHandle().children();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return toHandle().descendants();
    }

    @Override
    public String toString() {
        ExitStatus seen = status;
        return "ChildProcess[pid=" + pid + ", program=" + program + ", " + (seen == null ? "running" : seen.toString())
                + "]";
    }
}
