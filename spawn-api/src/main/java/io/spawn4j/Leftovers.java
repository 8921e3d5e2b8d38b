// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/**
 * What happens to the descendants of a contained child that are left when the child itself has ended.
 *
 * @see SpawnPolicy.Builder SpawnPolicy.Builder.leftovers
 */
public enum Leftovers {
    /** They live on until they end by themselves, {@link ChildProcess#killTree} ends them, or the JVM is gone. */
    LEAVE,
    /** They get SIGKILL at once. */
    KILL,
    /** The child counts as ended only when they have ended, too: {@code waitFor()} waits for the last of them. */
    WAIT
}
