// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.util.Locale;

/** A limit that a cgroup of version 2 can have; needs the controller of its name. */
enum CgroupLimit {
    MEMORY("cgroupMemoryMax"),
    PIDS("cgroupPidsMax"),
    CPU("cgroupCpuMax");

    private final String setting;

    CgroupLimit(String setting) {
        this.setting = setting;
    }

    /** Of the policy. */
    String setting() {
        return setting;
    }

    String controller() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In the cgroup's directory. */
    String file() {
        return controller() + ".max";
    }
}
