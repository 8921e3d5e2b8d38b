// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import java.util.Locale;

/** A limit that a cgroup of version 2 can have; needs the controller of its name. */
public enum CgroupLimit {
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

    public String controller() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In the cgroup's directory. */
    public String file() {
        return controller() + ".max";
    }
}
