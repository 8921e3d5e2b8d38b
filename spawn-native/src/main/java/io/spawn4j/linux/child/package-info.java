// SPDX-License-Identifier: Apache-2.0
/**
 * A child of any engine: its redirects, its watches, its end, the contract of an engine, and failures as exceptions.
 */
@NullMarked
package io.spawn4j.linux.child;

import org.jspecify.annotations.NullMarked;
