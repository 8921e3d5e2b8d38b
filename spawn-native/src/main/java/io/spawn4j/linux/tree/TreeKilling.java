// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import io.spawn4j.linux.child.Killed;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.WatchedChild;
import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Log;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Has a spawn4j-init kill all that it holds, and says what is known of it then. */
final class TreeKilling {
    /** What an answer may take to get here. */
    private static final long ANSWER_MILLIS = 300;

    private final CoreLibrary core;
    private final Launched.Supervisor supervisor;
    private final Descriptor socket;
    private final TreeProgress progress;
    private final Signaller signaller;

    /** Signals the supervisor while its pidfd is certain to be its own. */
    interface Signaller {
        void signalSupervisor(Signal signal);
    }

    /** {@code socket} is somebody else's, who reads from it into {@code progress}. */
    TreeKilling(Launched.Supervisor supervisor, Descriptor socket, TreeProgress progress, Signaller signaller) {
        this.core = supervisor.core();
        this.supervisor = supervisor;
        this.socket = socket;
        this.progress = progress;
        this.signaller = signaller;
    }

    Killed run(WatchedChild child, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        int sequence = progress.nextSequence();
        ask(child, sequence, TimeUnit.NANOSECONDS.toMillis(nanos) - ANSWER_MILLIS);
        TreeProgress.Seen seen = progress.awaitAnswer(sequence, deadline);
        if (seen.empty()) { // its last act is to leave
            progress.awaitGone(deadline);
        } else if (!seen.lost() && !seen.answers(sequence) && supervisor.containment() == Containment.PID_NAMESPACE) {
            // Somebody has stopped pid 1; the kernel ends it, and with it everything inside.
            signaller.signalSupervisor(Signal.SIGKILL);
        }
        return report(progress.seen());
    }

    private void ask(WatchedChild child, int sequence, long millis) {
        int fd = socket.enter();
        if (fd < 0) {
            return;
        }
        try {
            long asked = InitMessage.askToKill(core, fd, sequence, millis);
            // A hang-up is read as such.
            if (asked < 0 && asked != -Errno.EPIPE && asked != -Errno.ECONNRESET) {
                Log.warn(TreeKilling.class, "spawn4j-init of {} could not be asked: {}", child, Errno.describe(-asked));
            }
            // Somebody may have stopped it.
            signaller.signalSupervisor(Signal.SIGCONT);
        } finally {
            socket.leave();
        }
    }

    private Killed report(TreeProgress.Seen seen) {
        InitMessage.Progress last = seen.last();
        int signalled = last == null ? 0 : last.signalled();
        int reaped = last == null ? 0 : last.reaped();
        List<KillReport.Survivor> left = last == null || seen.empty() ? List.of() : last.survivors();
        return new Killed(seen.empty(), evidence(seen), signalled, reaped, left);
    }

    private String evidence(TreeProgress.Seen seen) {
        Containment containment = supervisor.containment();
        if (seen.lost()) {
            return switch (containment) {
                case PID_NAMESPACE ->
                    "spawn4j-init was killed: the kernel ends the namespace with it, but nobody has said that it is done";
                case CGROUP -> "spawn4j-init was killed: its cgroup is being killed without it";
                default -> "spawn4j-init was killed: nobody knows what it had left";
            };
        }
        if (!seen.empty()) {
            return seen.last() == null
                    ? "spawn4j-init did not answer in time"
                    : seen.last().left() + " of them cannot be killed now";
        }
        return switch (containment) {
            case PROCESS_GROUP -> "no member of the process group is alive; one that left it is not known";
            case CGROUP -> "its cgroup is not populated, and spawn4j-init has no child left (ECHILD)";
            case PID_NAMESPACE -> "pid 1 of the namespace has no child left (ECHILD)";
            default -> "spawn4j-init, the subreaper, has no child left (ECHILD)";
        };
    }
}
