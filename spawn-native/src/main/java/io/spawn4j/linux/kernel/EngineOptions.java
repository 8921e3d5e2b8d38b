// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/** The names of the system properties that the engines read. Each is read when it is needed, and not remembered. */
public final class EngineOptions {
    /** {@code clone3} or {@code clone} forces that system call; unset takes clone3 where it works. */
    public static final String CLONE = "io.spawn4j.native.clone";

    /** Names a file with spawn4j-init, the same program as in the jar. */
    public static final String HELPER = "io.spawn4j.helper";

    /** Names the directory of a cgroup that this JVM may make others in. */
    public static final String CGROUP = "io.spawn4j.cgroup";

    private EngineOptions() {}
}
