// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

/** A child's pidfd, by which nobody but that child is ever signalled. */
final class Pidfd {
    private final Kernel kernel;
    private final Descriptor descriptor;

    /** Takes over the descriptor. */
    Pidfd(EventLoop loop, int fd) {
        this.kernel = loop.kernel();
        this.descriptor = new Descriptor(loop, fd);
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** 0, also when the child has ended, or -errno. */
    long signal(int signal) {
        int fd = descriptor.enter();
        if (fd < 0) {
            return 0;
        }
        try {
            long result = kernel.pidfdSignal(fd, signal);
            return result == -Errno.ESRCH ? 0 : result;
        } finally {
            descriptor.leave();
        }
    }

    /** Whether nobody has reaped the child. */
    boolean isUnreaped() {
        int fd = descriptor.enter();
        if (fd < 0) {
            return false;
        }
        try {
            return kernel.pidfdSignal(fd, 0) != -Errno.ESRCH;
        } finally {
            descriptor.leave();
        }
    }
}
