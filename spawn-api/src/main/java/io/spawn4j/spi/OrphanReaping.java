// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.spi;

/** The reaping of adopted orphans, from {@link SpawnProvider#reapOrphans} until it is closed. */
public interface OrphanReaping extends AutoCloseable {

    /**
     * How many orphans it has reaped.
     *
     * @return a number that only grows
     */
    long reaped();

    /** Ends it. Nothing is reaped any more once this has returned. A second call does nothing. */
    @Override
    void close();
}
