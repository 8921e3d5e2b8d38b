// SPDX-License-Identifier: Apache-2.0

/**
 * The benchmarks: what starting a program and waiting for it costs, for spawn4j and its rivals.
 *
 * <p>{@link io.spawn4j.jmh.Report} is the program to run. {@link io.spawn4j.jmh.Contender} says who is measured and
 * {@link io.spawn4j.jmh.SpawnBenchmark} what.
 */
@NullMarked
package io.spawn4j.jmh;

import org.jspecify.annotations.NullMarked;
