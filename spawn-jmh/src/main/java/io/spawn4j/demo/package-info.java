// SPDX-License-Identifier: Apache-2.0

/** The demo: {@link io.spawn4j.demo.Sha256Demo} starts a child for each of a few thousand real files. */
@NullMarked
package io.spawn4j.demo;

import org.jspecify.annotations.NullMarked;
