// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

/**
 * A child as its engine hands it over: its pid, its pidfd (-1 where the host has none), and the parent's ends of its pipes
 * (-1 where there is none), and the socket to its spawn4j-init (-1 without one). Whoever holds it owns the descriptors.
 */
record Launched(int pid, int pidfd, int stdin, int stdout, int stderr, int helper) {
    static final Launched NONE = new Launched(0, -1, -1, -1, -1, -1);

    static Launched from(Slot slot) {
        return new Launched(
                slot.pid(),
                slot.descriptor(Slot.PIDFD),
                slot.descriptor(Slot.STDIN),
                slot.descriptor(Slot.STDOUT),
                slot.descriptor(Slot.STDERR),
                slot.descriptor(Slot.HELPER));
    }

    /** The same child without its stdout, which has found another owner. */
    Launched withoutStdout() {
        return new Launched(pid, pidfd, stdin, -1, stderr, helper);
    }

    /** The same child once spawn4j-init has become the program. */
    Launched withoutHelper() {
        return new Launched(pid, pidfd, stdin, stdout, stderr, -1);
    }

    void closePipes(Kernel kernel) {
        for (int fd : new int[] {stdin, stdout, stderr, helper}) {
            if (fd >= 0) {
                kernel.close(fd);
            }
        }
    }

    void closePidfd(Kernel kernel) {
        if (pidfd >= 0) {
            kernel.close(pidfd);
        }
    }

    /** 0 or -errno. */
    long kill(Kernel kernel) {
        int sigkill = 9;
        return pidfd >= 0 ? kernel.pidfdSignal(pidfd, sigkill) : kernel.kill(pid, sigkill);
    }

    /** As {@link Kernel#reap}. */
    long reap(Kernel kernel, long exitRecord) {
        return pidfd >= 0 ? kernel.reap(pidfd, exitRecord) : kernel.reapPid(pid, exitRecord);
    }
}
