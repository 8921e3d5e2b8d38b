// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.Containment;
import io.spawn4j.HostAbility;
import io.spawn4j.SpawnException;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.linux.tree.CgroupLimit;
import io.spawn4j.linux.tree.LeafParent;
import io.spawn4j.linux.tree.Rungs;
import java.util.ArrayList;
import java.util.List;

/** What the host lets the native engine do, as rows: each was found out by doing, or is now. */
final class NativeAbilities {
    private final Spawner spawner;
    private final Trials trials;
    private final Rungs rungs;

    NativeAbilities(Spawner spawner, Trials trials, Rungs rungs) {
        this.spawner = spawner;
        this.trials = trials;
        this.rungs = rungs;
    }

    List<HostAbility> rows() {
        List<HostAbility> rows = new ArrayList<>();
        rows.add(new HostAbility(
                "clone3 with CLONE_CLEAR_SIGHAND",
                spawner.usesClone3(),
                spawner.usesClone3()
                        ? "cloned a test child"
                        : spawner.clone3Error() != 0
                                ? Errno.describe(spawner.clone3Error()) + "; clone serves instead"
                                : "ruled out by -D" + EngineOptions.CLONE
                                        + " or the seccomp filter; clone serves instead"));
        rows.add(new HostAbility(
                "private descriptor table",
                spawner.table() != Spawner.TABLE_SHARED,
                switch (spawner.table()) {
                    case Spawner.TABLE_CLOSE_RANGE -> "close_range(CLOSE_RANGE_UNSHARE)";
                    case Spawner.TABLE_UNSHARE ->
                        "unshare(CLONE_FILES); close_range: " + Errno.describe(spawner.closeRangeError());
                    default ->
                        "close_range: " + Errno.describe(spawner.closeRangeError()) + ", unshare: "
                                + Errno.describe(spawner.unshareError());
                }));
        rows.add(new HostAbility(
                "pidfds",
                spawner.hasPidfds(),
                spawner.hasPidfds() ? "polled, signalled and waited for a test child" : spawner.whyNoPidfds()));
        rows.add(new HostAbility(
                "scheduling attributes of the process leader",
                spawner.schedulingError() == 0,
                spawner.schedulingError() == 0
                        ? "taken over by the spawner thread"
                        : Errno.describe(spawner.schedulingError())));
        String noHelper = trials.helperFailure();
        rows.add(new HostAbility(
                "spawn4j-init, for OOM score and credentials",
                noHelper == null,
                noHelper == null ? "became another program in a test child" : noHelper));
        for (Containment containment : Containment.values()) {
            if (containment != Containment.NONE) {
                SpawnException refusal = rungs.refusal(containment);
                rows.add(new HostAbility(
                        "containment " + containment,
                        refusal == null,
                        refusal == null ? "held a test child" : String.valueOf(refusal.getMessage())));
            }
        }
        addCgroupLimits(rows);
        rows.add(new HostAbility("spawner thread", true, "thread id " + spawner.tid()));
        return rows;
    }

    private void addCgroupLimits(List<HostAbility> rows) {
        List<String> controllers = List.of();
        String how;
        try {
            controllers = LeafParent.controllers();
            how = "cgroup.subtree_control of " + LeafParent.find() + ": " + String.join(" ", controllers);
        } catch (StartFailure e) {
            how = String.valueOf(e.getMessage());
        }
        boolean cgroups = rungs.refusal(Containment.CGROUP) == null;
        for (CgroupLimit limit : CgroupLimit.values()) {
            rows.add(new HostAbility(
                    "cgroup limit " + limit.file(),
                    cgroups && controllers.contains(limit.controller()),
                    cgroups ? how : "no containment CGROUP"));
        }
    }
}
