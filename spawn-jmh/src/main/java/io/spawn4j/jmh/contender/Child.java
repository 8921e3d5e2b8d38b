// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A child that {@link Prepared#start()} gave. */
public interface Child {
    /** Its number. */
    long pid();

    /** Waits for its end and gives its exit code, in the contender's own convention where a signal ended it. */
    int waitFor() throws InterruptedException, IOException;

    /**
     * Has the callback run once when the child has ended, on whatever thread the contender takes for that.
     *
     * @throws UnsupportedOperationException in C
     */
    void onExit(Runnable callback);

    /**
     * The child's standard output.
     *
     * @throws UnsupportedOperationException where the contender pushes the output into a handler instead
     */
    InputStream output();

    /**
     * The child's standard input.
     *
     * @throws UnsupportedOperationException in C, and where the contender has no stream for it
     */
    OutputStream input();

    /** Sends it SIGKILL; does nothing to a child that was waited for. */
    void kill();

    /** Closes what is left of it; to be called after {@link #waitFor()}. */
    void close() throws IOException;
}
