// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.StartFailure;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits on one epoll set for deaths of children and for pipes that a reader or writer waits for.
 *
 * <p>An event carries a token, never a descriptor: a number may be another file by the time the event is looked at, a
 * token is used once. Descriptors are armed one-shot, since a level-triggered one that cannot be served at once would
 * spin.
 */
public final class EventLoop {
    /** Runs on the event thread: must not block, and runs no code of the user. */
    @FunctionalInterface
    public interface Handler {
        void ready(int events);
    }

    private static final int EVENTS_AT_ONCE = 64;
    private static final long WAKE_TOKEN = 0;
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Kernel kernel;
    private final NativeWaits waits;
    private final int epoll;
    private final int wakeup;
    private final ConcurrentHashMap<Long, Handler> handlers = new ConcurrentHashMap<>();
    private final AtomicLong lastToken = new AtomicLong(WAKE_TOKEN);
    private final Timers timers = new Timers();
    private final ConcurrentLinkedQueue<Runnable> batch = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean batchScheduled = new AtomicBoolean();
    private final NativeMemory events = new NativeMemory(EVENTS_AT_ONCE * Kernel.EVENT_BYTES);
    private final NativeMemory drained = new NativeMemory(Long.BYTES);
    private final Runnable batchAction = new Batch();

    /** Descriptors of children and streams that are open: {@link Descriptor}. */
    private final AtomicInteger openDescriptors = new AtomicInteger();

    private final Thread thread;
    private volatile boolean closing;

    /** Made when the first stream needs it. */
    private @Nullable DropWatch drops; // guarded by this

    private EventLoop(Kernel kernel, int epoll, int wakeup) {
        this.kernel = kernel;
        this.waits = new NativeWaits(kernel);
        this.epoll = epoll;
        this.wakeup = wakeup;
        this.thread = CleanThreads.create("spawn4j-events", new Turns());
    }

    /** Opens the epoll set and starts the thread. */
    public static EventLoop start(Kernel kernel) throws StartFailure {
        int epoll = StartFailure.check("epoll_create1", kernel.epollCreate());
        long wakeup = -1;
        boolean started = false;
        try {
            wakeup = kernel.eventfd();
            long added = wakeup < 0 ? wakeup : kernel.epollAdd(epoll, (int) wakeup, Kernel.READABLE, WAKE_TOKEN);
            StartFailure.check("eventfd2", added);
            EventLoop loop = new EventLoop(kernel, epoll, (int) wakeup);
            loop.thread.start();
            started = true;
            return loop;
        } finally {
            if (!started) {
                closeAll(kernel, epoll, wakeup);
            }
        }
    }

    private static void closeAll(Kernel kernel, int epoll, long wakeup) {
        if (wakeup >= 0) {
            kernel.close((int) wakeup);
        }
        kernel.close(epoll);
    }

    /** Why it cannot be closed now, or null: open descriptors of children and streams, or work that is put off. */
    public @Nullable String inUse() {
        int open = openDescriptors.get();
        if (open > 0) {
            return open + " descriptors of children or their streams are open";
        }
        int later = timers.size();
        return later == 0 ? null : "the ends of " + later + " children are being looked after";
    }

    /** Ends the thread and closes what it has. Only when nothing uses it any more, and nothing will. */
    public void close() {
        closing = true;
        kernel.wake(wakeup);
        CleanThreads.join(thread);
        synchronized (this) {
            if (drops != null) {
                drops.close();
            }
        }
        closeAll(kernel, epoll, wakeup);
    }

    void opened() {
        openDescriptors.incrementAndGet();
    }

    void closed() {
        openDescriptors.decrementAndGet();
    }

    public Kernel kernel() {
        return kernel;
    }

    public NativeWaits waits() {
        return waits;
    }

    public int epoll() {
        return epoll;
    }

    /** Runs the action once the object is no longer reachable; it must not refer to it. */
    public synchronized void whenDropped(Object object, Runnable action) {
        DropWatch watch = drops;
        if (watch == null) {
            watch = new DropWatch();
            drops = watch;
        }
        watch.add(object, action);
    }

    /** A token whose events go to the handler, until {@link #forget}. */
    public long register(Handler handler) {
        long token = lastToken.incrementAndGet();
        handlers.put(token, handler);
        return token;
    }

    public void forget(long token) {
        handlers.remove(token);
    }

    /** Runs the action on the event thread after the delay; it must not block. */
    public void schedule(long delayNanos, Runnable action) {
        if (timers.add(delayNanos, action)) {
            kernel.wake(wakeup);
        }
    }

    /**
     * Runs the action on the event thread within a few milliseconds, with others, so that none costs a wake-up of its
     * own.
     */
    public void soon(Runnable action) {
        batch.add(action);
        if (batchScheduled.compareAndSet(false, true)) {
            boolean scheduled = false;
            try {
                schedule(BATCH_NANOS, batchAction);
                scheduled = true;
            } finally {
                batchScheduled.compareAndSet(true, scheduled);
            }
        }
    }

    // Classes of their own: the first lambda of a JVM costs milliseconds, and these are on the way to its first child.
    private final class Batch implements Runnable {
        @Override
        public void run() {
            runBatch();
        }
    }

    private final class Turns implements Runnable {
        @Override
        public void run() {
            EventLoop.this.run();
        }
    }

    private void runBatch() {
        batchScheduled.set(false);
        for (Runnable action = batch.poll(); action != null; action = batch.poll()) {
            Guarded.run(action);
        }
    }

    private void run() {
        while (!closing) {
            try {
                long got = kernel.epollWait(epoll, events.address, EVENTS_AT_ONCE, timers.millisToNext());
                if (got < 0 && got != -Errno.EINTR) {
                    throw new IllegalStateException("epoll_wait: " + Errno.describe(-got));
                }
                for (int i = 0; i < got; i++) {
                    deliver(
                            events.bytes.getLong(i * Kernel.EVENT_BYTES),
                            events.bytes.getInt(i * Kernel.EVENT_BYTES + Long.BYTES));
                }
                runDueTimers();
            } catch (Throwable e) {
                // Everything else still depends on this thread.
                Guarded.report("the event thread goes on after an unexpected failure", e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private void deliver(long token, int what) {
        if (token == WAKE_TOKEN) {
            kernel.read(wakeup, drained.address, Long.BYTES);
            return;
        }
        Handler handler = handlers.get(token);
        if (handler == null) {
            return;
        }
        try {
            handler.ready(what);
        } catch (Throwable e) {
            Guarded.report("a child's events could not be handled", e);
        }
    }

    private void runDueTimers() {
        for (Runnable due = timers.takeDue(); due != null; due = timers.takeDue()) {
            try {
                Guarded.run(due);
            } finally {
                timers.ran();
            }
        }
    }
}
