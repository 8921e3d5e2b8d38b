// SPDX-License-Identifier: Apache-2.0

/** Which contenders meet in which scenarios, how often and for how long. */
@NullMarked
package io.spawn4j.jmh.suite;

import org.jspecify.annotations.NullMarked;
