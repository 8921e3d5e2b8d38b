// SPDX-License-Identifier: Apache-2.0

/** What came out: measurements, the report and its pictures, and the comparison with stored ratios. */
@NullMarked
package io.spawn4j.jmh.result;

import org.jspecify.annotations.NullMarked;
