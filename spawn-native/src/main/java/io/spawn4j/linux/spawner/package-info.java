// SPDX-License-Identifier: Apache-2.0
/** The native engine: from a request to a child through the C core's spawner thread. */
@NullMarked
package io.spawn4j.linux.spawner;

import org.jspecify.annotations.NullMarked;
