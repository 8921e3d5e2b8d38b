// SPDX-License-Identifier: Apache-2.0
/**
 * What the engines know of the kernel and the libc: how jffi and the C core are loaded, calls, errnos, layouts, native
 * memory and strings, memfds, and what {@code /proc} says of a number; and where they log. Knows no other room.
 */
@NullMarked
package io.spawn4j.linux.kernel;

import org.jspecify.annotations.NullMarked;
