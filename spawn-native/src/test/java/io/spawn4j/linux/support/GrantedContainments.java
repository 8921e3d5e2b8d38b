// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import io.spawn4j.Containment;
import java.util.EnumSet;
import java.util.Set;

/** Which containments this host should grant, found without the library: by unshare(1), mkdir(2) and pidfd_open(2). */
public final class GrantedContainments {
    private GrantedContainments() {}

    /** Without NONE. */
    public static Set<Containment> all() {
        return Found.SET;
    }

    private static final class Found {
        static final Set<Containment> SET = find();

        private static Set<Containment> find() {
            Set<Containment> granted = EnumSet.noneOf(Containment.class);
            if (Ability.PIDFDS.missing().isPresent()) {
                return granted;
            }
            granted.add(Containment.PROCESS_GROUP);
            granted.add(Containment.SUBREAPER);
            if (Ability.CGROUP2.missing().isEmpty()) {
                granted.add(Containment.CGROUP);
            }
            if (Ability.PID_NAMESPACES.missing().isEmpty()) {
                granted.add(Containment.PID_NAMESPACE);
            }
            return granted;
        }
    }
}
