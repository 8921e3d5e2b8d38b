// SPDX-License-Identifier: Apache-2.0
/** The providers of the engines {@code native} and {@code posix_spawn}, and the engine that each has running. */
@NullMarked
package io.spawn4j.linux;

import org.jspecify.annotations.NullMarked;
