// SPDX-License-Identifier: Apache-2.0
/**
 * The event thread and what waits: on descriptors, each with one owner, until deadlines, in native code, on threads of
 * the library, at the door through which an engine comes up and the gate behind which it ends.
 */
@NullMarked
package io.spawn4j.linux.event;

import org.jspecify.annotations.NullMarked;
