// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;

/**
 * A command in the hands of a contender. Every thread may use it, as often as it likes; each call starts a child of its
 * own.
 */
public interface Prepared {
    /**
     * One whole operation: starts the child, waits for it, checks that its exit code is 0 and closes what is left of
     * it.
     *
     * @throws IllegalStateException or what the contender itself throws if the child ends otherwise
     */
    void spawnAndWait() throws IOException, InterruptedException;

    /**
     * Starts the child; the caller waits for it and closes it.
     *
     * @throws UnsupportedOperationException where not {@link Contender#startsChildren()}
     */
    Child start() throws IOException;

    /** In place of one that is not prepared yet. */
    Prepared NONE = new Prepared() {
        @Override
        public void spawnAndWait() {
            throw new IllegalStateException("nothing was prepared");
        }

        @Override
        public Child start() {
            throw new IllegalStateException("nothing was prepared");
        }
    };
}
