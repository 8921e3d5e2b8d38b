// SPDX-License-Identifier: Apache-2.0
/** The reaping of orphans that this process adopts. */
@NullMarked
package io.spawn4j.linux.orphan;

import org.jspecify.annotations.NullMarked;
