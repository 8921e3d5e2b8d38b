// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.KillReport;
import java.util.List;

/**
 * What is known after everything that a child has started was killed, as far as its containment reaches.
 *
 * @param empty whether nothing of the tree is left, proven
 * @param evidence what says so, or what is missing for that
 * @param signalled processes that were sent SIGKILL
 * @param reaped processes that were reaped
 * @param left those that are known to live on
 */
public record Killed(boolean empty, String evidence, int signalled, int reaped, List<KillReport.Survivor> left) {}
