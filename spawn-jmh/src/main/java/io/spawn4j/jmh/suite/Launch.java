// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * How a scenario's JVMs are started.
 *
 * @param pinned on one CPU, with all their threads and children
 * @param ordinaryUser as user 65534, without capabilities, whose pipes the kernel counts and shrinks (pipe(7))
 * @param openFiles the limit of open descriptors that is needed; 0 for what the report has
 * @param environmentBytes how much is added to the environment, as variables of 1,000 bytes
 * @param jdk the feature release of the JDK; 0 for the report's
 * @param jvmArguments for the JVM besides the contender's
 */
public record Launch(
        boolean pinned, boolean ordinaryUser, int openFiles, int environmentBytes, int jdk, List<String> jvmArguments) {
    /** As the report itself. */
    public static final Launch PLAIN = new Launch(false, false, 0, 0, 0, List.of());

    public Launch {
        jvmArguments = List.copyOf(jvmArguments);
    }

    Launch onOneCpu() {
        return new Launch(true, ordinaryUser, openFiles, environmentBytes, jdk, jvmArguments);
    }

    Launch asOrdinaryUser() {
        return new Launch(pinned, true, openFiles, environmentBytes, jdk, jvmArguments);
    }

    Launch withOpenFiles(int limit) {
        return new Launch(pinned, ordinaryUser, limit, environmentBytes, jdk, jvmArguments);
    }

    Launch withEnvironment(int bytes) {
        return new Launch(pinned, ordinaryUser, openFiles, bytes, jdk, jvmArguments);
    }

    Launch withJdk(int feature) {
        return new Launch(pinned, ordinaryUser, openFiles, environmentBytes, feature, jvmArguments);
    }

    Launch with(String... more) {
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.addAll(List.of(more));
        return new Launch(pinned, ordinaryUser, openFiles, environmentBytes, jdk, arguments);
    }
}
