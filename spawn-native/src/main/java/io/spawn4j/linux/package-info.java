// SPDX-License-Identifier: Apache-2.0
/** The engines {@code native} and {@code posix_spawn}, and what they share: event thread, streams, exit statuses. */
@NullMarked
package io.spawn4j.linux;

import org.jspecify.annotations.NullMarked;
