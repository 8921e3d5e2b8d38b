// SPDX-License-Identifier: Apache-2.0
/**
 * What programs use to start other programs.
 *
 * <p>Begin with {@link io.spawn4j.SpawnBuilder}, which has every method of {@link java.lang.ProcessBuilder}. It takes a
 * {@link io.spawn4j.SpawnPolicy}, what the child inherits and when it dies, and gives a
 * {@link io.spawn4j.ChildProcess}, a {@link java.lang.Process} that also knows how the child really ended.
 *
 * <p>No parameter may be null and no result is, unless annotated {@link org.jspecify.annotations.Nullable}.
 */
@NullMarked
package io.spawn4j;

import org.jspecify.annotations.NullMarked;
