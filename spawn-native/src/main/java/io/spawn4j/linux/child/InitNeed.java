// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnPolicy;
import java.util.ArrayList;
import java.util.List;

/** Which settings need spawn4j-init: a program with memory of its own, between the clone and the exec. */
public final class InitNeed {
    private InitNeed() {}

    /** The settings of a policy that need it, by the names of their methods. */
    public static List<String> settingsOf(SpawnPolicy policy) {
        List<String> names = new ArrayList<>(0);
        addIf(names, policy.oomScore().isPresent(), "oomScore");
        addIf(names, policy.joinCgroup().isPresent(), "joinCgroup");
        addIf(names, policy.user().isPresent(), "user");
        addIf(names, policy.group().isPresent(), "group");
        addIf(names, policy.supplementaryGroups().isPresent(), "supplementaryGroups");
        addIf(names, policy.keepCapabilities().isPresent(), "keepCapabilities");
        addIf(names, policy.noNewPrivileges(), "noNewPrivileges");
        addIf(names, !policy.containment().isEmpty(), "containment");
        return names;
    }

    private static void addIf(List<String> names, boolean set, String name) {
        if (set) {
            names.add(name);
        }
    }
}
