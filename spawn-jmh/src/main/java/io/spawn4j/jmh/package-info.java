// SPDX-License-Identifier: Apache-2.0

/**
 * The command that measures what starting a program and waiting for it costs, for spawn4j and its rivals.
 *
 * <p>{@link io.spawn4j.jmh.Report} is the program to run. {@link io.spawn4j.jmh.suite.Suite} says what is measured,
 * {@link io.spawn4j.jmh.contender.Contender} who, {@code benchmark} how, and {@code result} what is made of it.
 */
@NullMarked
package io.spawn4j.jmh;

import org.jspecify.annotations.NullMarked;
