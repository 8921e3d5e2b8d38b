// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import io.spawn4j.linux.kernel.Errno;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The kill of a child without a containment: only the child itself is known. */
final class LoneKill {
    private LoneKill() {}

    static Killed run(WatchedChild child, ExitWatch watch, long nanos) throws InterruptedException {
        boolean before = child.hasEnded();
        long refused = before ? 0 : watch.signal(Signal.SIGKILL.number());
        boolean ended = child.waitFor(nanos, TimeUnit.NANOSECONDS);
        List<KillReport.Survivor> left = ended
                ? List.of()
                : List.of(new KillReport.Survivor(
                        child.pid(),
                        refused < 0
                                ? "the kernel refuses the signal: " + Errno.describe(-refused)
                                : "SIGKILL is pending"));
        return new Killed(
                false,
                "no containment: only the child itself is known" + (ended ? ", which has ended" : ""),
                before || refused < 0 ? 0 : 1,
                ended ? 1 : 0,
                left);
    }
}
