// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.time.Duration;

/**
 * What a child used up, as the kernel counted it until its end: the child itself and those of its own children that it
 * waited for. See getrusage(2).
 *
 * @param userTime CPU time in user mode
 * @param systemTime CPU time in the kernel
 * @param maxResidentSetBytes the largest resident set it ever had, in bytes. Linux counts from before the exec too, so
 *     a program smaller than what its process held until then may show that number instead of its own
 * @param minorFaults page faults without input or output
 * @param majorFaults page faults that read from a device
 * @param blockInputs times the file system read from a device, in blocks of 512 bytes
 * @param blockOutputs times the file system wrote to a device, in blocks of 512 bytes
 * @param voluntarySwitches times it gave up the CPU to wait
 * @param involuntarySwitches times the scheduler took the CPU from it
 */
public record ResourceUsage(
        Duration userTime,
        Duration systemTime,
        long maxResidentSetBytes,
        long minorFaults,
        long majorFaults,
        long blockInputs,
        long blockOutputs,
        long voluntarySwitches,
        long involuntarySwitches) {}
