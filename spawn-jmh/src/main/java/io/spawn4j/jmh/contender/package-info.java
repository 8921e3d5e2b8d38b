// SPDX-License-Identifier: Apache-2.0

/**
 * Who is measured: spawn4j, the JDK, other libraries and C, each behind the same calls.
 *
 * <p>{@link io.spawn4j.jmh.contender.Contender#prepare} takes a {@link io.spawn4j.jmh.contender.Command} and gives what
 * starts it.
 */
@NullMarked
package io.spawn4j.jmh.contender;

import org.jspecify.annotations.NullMarked;
