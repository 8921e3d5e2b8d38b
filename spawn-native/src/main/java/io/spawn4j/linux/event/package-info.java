// SPDX-License-Identifier: Apache-2.0
/**
 * The event thread and what waits: on descriptors, each with one owner, until deadlines, in native code, on threads of the
 * library.
 */
@NullMarked
package io.spawn4j.linux.event;

import org.jspecify.annotations.NullMarked;
