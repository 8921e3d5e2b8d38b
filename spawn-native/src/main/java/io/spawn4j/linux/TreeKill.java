// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.Containment;
import io.spawn4j.KillReport;
import io.spawn4j.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends a child and what it has started: asks it first, then has everything killed, and says what is known of the rest. */
final class TreeKill {
    /** How long the killing itself may take: a killed process is gone in milliseconds, unless the kernel does not let it go. */
    private static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final LinuxChild child;
    private final ExitWatch watch;
    private final Duration grace;
    private final long began = System.nanoTime();

    TreeKill(LinuxChild child, ExitWatch watch, Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is negative: " + grace);
        }
        this.child = child;
        this.watch = watch;
        this.grace = grace;
    }

    KillReport run() throws InterruptedException {
        if (!grace.isZero() && !child.hasEnded()) {
            watch.signal(Signal.SIGTERM.number());
            watch.signal(Signal.SIGCONT.number());
            child.waitFor(saturatedNanos(grace), TimeUnit.NANOSECONDS);
        }
        return watch instanceof TreeWatch tree ? killAll(tree) : killOnlyIt();
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    private KillReport killAll(TreeWatch tree) throws InterruptedException {
        TreeWatch.Tree seen = tree.kill(KILL_NANOS);
        Containment containment = watch.containment();
        InitMessage.Progress progress = seen.progress();
        int signalled = progress == null ? 0 : progress.signalled();
        int reaped = progress == null ? 0 : progress.reaped();
        List<KillReport.Survivor> left = progress == null || seen.empty() ? List.of() : progress.survivors();
        return report(containment, seen.empty(), evidence(containment, seen), signalled, reaped, left);
    }

    private static String evidence(Containment containment, TreeWatch.Tree seen) {
        if (seen.lost()) {
            return switch (containment) {
                case PID_NAMESPACE ->
                    "spawn4j-init was killed: the kernel ends the namespace with it, but nobody has said that it is done";
                case CGROUP -> "spawn4j-init was killed: its cgroup is being killed without it";
                default -> "spawn4j-init was killed: nobody knows what it had left";
            };
        }
        if (!seen.empty()) {
            return seen.progress() == null
                    ? "spawn4j-init did not answer in time"
                    : seen.progress().left() + " of them cannot be killed now";
        }
        return switch (containment) {
            case PROCESS_GROUP -> "no member of the process group is alive; one that left it is not known";
            case CGROUP -> "its cgroup is not populated, and spawn4j-init has no child left (ECHILD)";
            case PID_NAMESPACE -> "pid 1 of the namespace has no child left (ECHILD)";
            default -> "spawn4j-init, the subreaper, has no child left (ECHILD)";
        };
    }

    private KillReport killOnlyIt() throws InterruptedException {
        boolean before = child.hasEnded();
        long refused = before ? 0 : watch.signal(Signal.SIGKILL.number());
        boolean ended = child.waitFor(KILL_NANOS, TimeUnit.NANOSECONDS);
        List<KillReport.Survivor> left = ended
                ? List.of()
                : List.of(new KillReport.Survivor(
                        child.pid(),
                        refused < 0
                                ? "the kernel refuses the signal: " + Errno.describe(-refused)
                                : "SIGKILL is pending"));
        return report(
                Containment.NONE,
                false,
                "no containment: only the child itself is known" + (ended ? ", which has ended" : ""),
                before || refused < 0 ? 0 : 1,
                ended ? 1 : 0,
                left);
    }

    private KillReport report(
            Containment containment,
            boolean empty,
            String evidence,
            int signalled,
            int reaped,
            List<KillReport.Survivor> left) {
        return new KillReport(
                containment, empty, evidence, signalled, reaped, Duration.ofNanos(System.nanoTime() - began), left);
    }
}
