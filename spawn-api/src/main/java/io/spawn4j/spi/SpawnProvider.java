// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.spi;

import io.spawn4j.ChildProcess;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.UnsupportedPolicyException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An engine that starts children. Found by {@link java.util.ServiceLoader}; the available one of highest
 * {@linkplain #priority() priority} is chosen at the first start, and anew after a {@link #shutdown()}. All methods
 * may be called by several threads at once.
 */
public interface SpawnProvider {

    /**
     * The name that {@code -Dio.spawn4j.engine} selects it by.
     *
     * @return for example {@code native}
     */
    String name();

    /**
     * Its rank among the installed engines.
     *
     * @return a larger number for a better engine
     */
    int priority();

    /**
     * Why it cannot run here, found by doing: a first call starts the engine as far as that takes. Not called for an
     * engine that is not needed.
     *
     * @return one sentence without a full stop, or empty if it can run
     */
    Optional<String> unavailable();

    /**
     * Starts one child. Either the child runs and is the caller's, or an exception comes and nothing is left: no
     * process, zombie or descriptor.
     *
     * @param request what to start
     * @return the child, past its exec
     * @throws SpawnException if a step fails, the opening of a redirect's file included
     * @throws UnsupportedPolicyException if a setting cannot be honoured
     * @throws IOException always one of the two above
     */
    ChildProcess spawn(SpawnRequest request) throws IOException;

    /**
     * Starts children whose standard output feeds the next one's standard input. If one cannot be started, those before
     * it are killed and reaped. The streams between them, {@link SpawnRequest#output()} of all but the last and
     * {@link SpawnRequest#input()} of all but the first, are PIPE.
     *
     * @param requests at least one, in the order of the pipeline
     * @return the children in the same order
     * @throws SpawnException if a step fails, the opening of a redirect's file included
     * @throws UnsupportedPolicyException if a setting cannot be honoured
     * @throws IOException always one of the two above
     */
    List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws IOException;

    /**
     * By which means it starts children.
     *
     * @return one clause, for {@link io.spawn4j.SpawnCapabilities#why()}
     */
    String mechanism();

    /**
     * What this engine can do on this host, each found out by doing it. Starts the engine.
     *
     * @return its rows of {@link io.spawn4j.SpawnCapabilities}, in the order to print; one that says why where it
     *     cannot be started now
     */
    List<HostAbility> abilities();

    /**
     * Ends the engine: gives back its threads, memory and descriptors. It begins anew when it is needed again.
     *
     * @throws IllegalStateException if it is in use: a child lives, or a stream is open; the message says which.
     *     Nothing has changed then
     */
    void shutdown();

    /**
     * Begins to reap the orphans that this process adopts, without ever taking the status of a child that this process
     * has started itself, by whatever means. Called by {@link io.spawn4j.OrphanReaper}, which sees to it that there is
     * one at a time.
     *
     * @param grace for how long a zombie has to be seen before it is reaped; positive
     * @return what ends it
     * @throws IllegalStateException if this process adopts no orphans, or the host does not show them; with the remedy
     */
    OrphanReaping reapOrphans(Duration grace);
}
