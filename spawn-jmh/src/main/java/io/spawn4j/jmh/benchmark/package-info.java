// SPDX-License-Identifier: Apache-2.0

/**
 * What is measured: JMH benchmarks, the profiler that hands their figures over, and what a JVM does first, without JMH.
 *
 * <p>Each runs in a JVM that the report starts for one contender in one scenario.
 */
@NullMarked
package io.spawn4j.jmh.benchmark;

import org.jspecify.annotations.NullMarked;
