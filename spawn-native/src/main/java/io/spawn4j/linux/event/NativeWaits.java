// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.event;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.TimeUnit;

/**
 * Waits of platform threads in poll(2), which {@link Thread#interrupt()} ends: the kernel wakes the waiting thread
 * itself, not the event thread to wake that one.
 *
 * <p>A wait beyond {@link #BRIEF_MILLIS} has an eventfd(2) of its own. The JDK tells an interrupt to the channel in
 * which a thread says that it blocks ({@link AbstractInterruptibleChannel#begin}), and that one makes the eventfd
 * readable.
 */
public final class NativeWaits {
    /** Waits that are over by then need no eventfd, and notice an interrupt late. */
    private static final long BRIEF_MILLIS = 2;

    private final Kernel kernel;

    NativeWaits(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Waits on the calling thread, which is no virtual one, until the descriptor is readable.
     *
     * @param nanos how long at most; up to a millisecond longer if that is less than two
     * @return whether it is readable; if not, the time may not be over yet, where there was no descriptor for an
     *     eventfd
     */
    public boolean untilReadable(int fd, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        if (kernel.poll(fd, Kernel.READABLE, (int) Math.min(BRIEF_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1))
                > 0) {
            return true;
        }
        if (millisUntil(end) == 0) {
            return false;
        }
        int eventfd = (int) kernel.eventfd();
        if (eventfd < 0) {
            return false;
        }
        Wait wait = new Wait(kernel, eventfd);
        try {
            return wait.untilReadable(fd, end);
        } finally {
            wait.finish();
            kernel.close(eventfd);
        }
    }

    /** At most what poll(2) takes. */
    private static int millisUntil(long end) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    private static final class Wait extends AbstractInterruptibleChannel {
        private final Kernel kernel;
        private final int eventfd;

        private boolean finished; // guarded by this

        Wait(Kernel kernel, int eventfd) {
            this.kernel = kernel;
            this.eventfd = eventfd;
        }

        boolean untilReadable(int fd, long end) throws InterruptedException {
            boolean readable = false;
            begin();
            try {
                long result;
                int millis;
                do {
                    millis = millisUntil(end);
                    result = kernel.pollUnlessWoken(fd, eventfd, millis);
                } while (isOpen() && (result == -Errno.EINTR || (result == 0 && millis > 0)));
                readable = result > 0;
            } finally {
                stop();
            }
            return readable;
        }

        private void stop() throws InterruptedException {
            try {
                end(true);
            } catch (ClosedByInterruptException e) {
                Thread.interrupted();
                throw new InterruptedException();
            } catch (AsynchronousCloseException e) {
                throw new AssertionError("nobody else has this channel", e);
            }
        }

        /** By the thread that interrupts, and since JDK 23 possibly when the wait is over. */
        @Override
        protected synchronized void implCloseChannel() {
            if (!finished) {
                kernel.wake(eventfd);
            }
        }

        /** From here on the eventfd is not touched. */
        synchronized void finish() {
            finished = true;
        }
    }
}
