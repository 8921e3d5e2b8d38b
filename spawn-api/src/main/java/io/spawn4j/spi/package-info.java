// SPDX-License-Identifier: Apache-2.0
/**
 * What an engine implements; programs that start programs need none of it.
 *
 * <p>A {@link io.spawn4j.spi.SpawnProvider} is found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.spawn4j.spi;

import org.jspecify.annotations.NullMarked;
