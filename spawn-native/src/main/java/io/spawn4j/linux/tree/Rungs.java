// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.spi.SpawnRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which containments this host grants, each found by doing and remembered: a tree of one process that does nothing. */
public final class Rungs {
    /** Starts such a tree and waits for its end. */
    public interface Trial {
        /** Why it did not work, or null. */
        @Nullable
        SpawnException attempt(Containment containment);
    }

    private final Trial trial;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Containment, Boolean> tried = new EnumMap<>(Containment.class); // guarded by lock
    private final Map<Containment, SpawnException> refusals = new EnumMap<>(Containment.class); // guarded by lock

    public Rungs(Trial trial) {
        this.trial = trial;
    }

    /** The first that works. If none does, the last: its start says why. */
    public Containment choose(SpawnRequest request, List<Containment> wanted) throws SpawnException {
        for (Containment containment : wanted.subList(0, wanted.size() - 1)) {
            SpawnException refusal = refusal(containment);
            if (refusal == null) {
                return containment;
            }
            if (!(refusal instanceof UnsupportedPolicyException)) {
                // A shortage says nothing of the host.
                throw Failures.at(
                        request, refusal.stage(), refusal.errno(), "when containment " + containment + " was tried");
            }
        }
        return wanted.get(wanted.size() - 1);
    }

    /**
     * Why the host does not grant it, or null. Only what the host refuses is remembered, no shortage and no accident.
     */
    public @Nullable SpawnException refusal(Containment containment) {
        lock.lock();
        try {
            if (!tried.containsKey(containment)) {
                SpawnException refusal = trial.attempt(containment);
                if (refusal != null && !(refusal instanceof UnsupportedPolicyException)) {
                    return refusal;
                }
                tried.put(containment, true);
                if (refusal != null) {
                    refusals.put(containment, refusal);
                }
            }
            return refusals.get(containment);
        } finally {
            lock.unlock();
        }
    }
}
