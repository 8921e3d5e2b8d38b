// SPDX-License-Identifier: Apache-2.0
/**
 * Trees of processes: what spawn4j-init is told and says, cgroups, credentials, the kill of all that a child has
 * started.
 */
@NullMarked
package io.spawn4j.linux.tree;

import org.jspecify.annotations.NullMarked;
