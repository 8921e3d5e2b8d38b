// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.Containment;
import io.spawn4j.Signal;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Kernel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A child as its engine hands it over: its pid, its pidfd (-1 where the host has none), and the parent's ends of its
 * pipes (-1 where there is none), and the socket to its spawn4j-init (-1 without one). Whoever holds it owns the
 * descriptors.
 *
 * @param supervisor the process that supervises it, or null; then that one is this JVM's child, and the program is that
 *     one's
 */
public record Launched(
        int pid,
        int pidfd,
        int stdin,
        int stdout,
        int stderr,
        int helper,
        @Nullable Supervisor supervisor) {

    /**
     * A spawn4j-init that stays.
     *
     * @param leaf the cgroup that it makes, or null
     */
    public record Supervisor(
            CoreLibrary core,
            int pid,
            int pidfd,
            Containment containment,
            @Nullable Path leaf) {}

    public static final Launched NONE = new Launched(0, -1, -1, -1, -1, -1, null);

    /** The same child without its stdout, which has found another owner. */
    Launched withoutStdout() {
        return new Launched(pid, pidfd, stdin, -1, stderr, helper, supervisor);
    }

    /** The same child once spawn4j-init has become the program. */
    public Launched withoutHelper() {
        return new Launched(pid, pidfd, stdin, stdout, stderr, -1, null);
    }

    /** The same process as the supervisor of a program that it is about to start. */
    public Launched supervising(CoreLibrary core, Containment containment, @Nullable Path leaf) {
        return new Launched(-1, -1, stdin, stdout, stderr, helper, new Supervisor(core, pid, pidfd, containment, leaf));
    }

    /** The same once the program runs. */
    public Launched running(int program, int programPidfd) {
        return new Launched(program, programPidfd, stdin, stdout, stderr, helper, supervisor);
    }

    public void closePipes(Kernel kernel) {
        for (int fd : new int[] {stdin, stdout, stderr, helper}) {
            if (fd >= 0) {
                kernel.close(fd);
            }
        }
    }

    public void closePidfd(Kernel kernel) {
        if (pidfd >= 0) {
            kernel.close(pidfd);
        }
        if (supervisor != null && supervisor.pidfd >= 0) {
            kernel.close(supervisor.pidfd);
        }
    }

    /**
     * 0 or -errno. A supervisor is asked, by what tells it of the JVM's end, to end all that it has and then itself.
     */
    public long kill(Kernel kernel) {
        int number = (supervisor == null ? Signal.SIGKILL : Signal.SIGTERM).number();
        return directPidfd() >= 0 ? kernel.pidfdSignal(directPidfd(), number) : kernel.kill(directPid(), number);
    }

    /** As {@link Kernel#reap}: takes the status of what is this JVM's own child. */
    public long reap(Kernel kernel, long exitRecord) {
        return directPidfd() >= 0 ? kernel.reap(directPidfd(), exitRecord) : kernel.reapPid(directPid(), exitRecord);
    }

    /** Its supervisor alone, to be reaped. */
    public Launched supervisorOnly() {
        return new Launched(-1, -1, -1, -1, -1, -1, supervisor);
    }

    /** The pidfd of what is this JVM's own child, or -1. */
    int directPidfd() {
        return supervisor == null ? pidfd : supervisor.pidfd;
    }

    private int directPid() {
        return supervisor == null ? pid : supervisor.pid;
    }
}
