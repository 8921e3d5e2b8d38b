// SPDX-License-Identifier: Apache-2.0
/** The posix_spawn engine: through the libc's function of that name. */
@NullMarked
package io.spawn4j.linux.posix;

import org.jspecify.annotations.NullMarked;
