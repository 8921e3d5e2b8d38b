// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How far {@link ChildProcess#killTree} got.
 *
 * @param containment what held the tree together, and with it the means
 * @param empty whether it is proven that nothing of the tree lives any more
 * @param evidence what proves it, or why it cannot be proven, in plain words
 * @param signalled how many processes were sent SIGKILL; those that are forked and killed by the kernel in one step, as
 *     in a cgroup that is killed, may be missing
 * @param reaped how many processes of the tree have been waited for, the child among them
 * @param took from the call to this report
 * @param left the processes that are known to live on, at most 32 of them
 */
public record KillReport(
        Containment containment,
        boolean empty,
        String evidence,
        int signalled,
        int reaped,
        Duration took,
        List<Survivor> left) {

    /**
     * Refuses null, and copies the list.
     *
     * @param containment what held the tree together
     * @param empty whether nothing of it lives any more
     * @param evidence what proves it
     * @param signalled how many were sent SIGKILL
     * @param reaped how many have been waited for
     * @param took from the call to this report
     * @param left those that live on
     */
    public KillReport {
        Objects.requireNonNull(containment, "containment");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(took, "took");
        left = List.copyOf(left);
    }

    /**
     * A process that lives on.
     *
     * @param pid its number, in the child's PID namespace
     * @param why in plain words, for example that the kernel refused the signal with EPERM
     */
    public record Survivor(long pid, String why) {}
}
