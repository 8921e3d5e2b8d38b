// SPDX-License-Identifier: Apache-2.0
/** The parent's ends of a child's pipes, as Java's streams. */
@NullMarked
package io.spawn4j.linux.stream;

import org.jspecify.annotations.NullMarked;
