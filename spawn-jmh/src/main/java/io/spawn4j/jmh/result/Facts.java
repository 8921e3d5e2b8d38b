// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import java.util.List;
import java.util.Map;

/**
 * What a report says besides the measurements.
 *
 * @param machine rows of a table, in order
 * @param length as on the command line
 * @param callCostMicros what being called from Java costs the contenders in C, one value per pair of runs; empty if not
 *     measured
 * @param leftOut what could not run here, and why
 * @param failures what ended with an error, and with which
 */
public record Facts(
        Map<String, String> machine,
        String length,
        List<Double> callCostMicros,
        List<String> leftOut,
        List<String> failures) {}
