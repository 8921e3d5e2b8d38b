// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

/** What one fork of one contender gave. */
record Measurement(
        int round,
        Scenario scenario,
        Contender contender,
        double spawnsPerSecond,
        double jvmCpuMicros,
        double childrenCpuMicros) {

    /** @throws IllegalArgumentException if nothing was spawned, or no child's time was accounted for */
    Measurement {
        if (!(spawnsPerSecond > 0)) {
            throw new IllegalArgumentException(contender + " spawned nothing in " + scenario.id());
        }
        if (!(childrenCpuMicros > 0)) {
            throw new IllegalArgumentException(
                    contender + " in " + scenario.id() + ": its children's CPU time never reached this process");
        }
    }

    double cpuMicros() {
        return jvmCpuMicros + childrenCpuMicros;
    }
}
