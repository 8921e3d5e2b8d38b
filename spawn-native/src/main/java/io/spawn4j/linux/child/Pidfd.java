// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.linux.event.Descriptor;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;

/** A child's pidfd, by which nobody but that child is ever signalled. */
public final class Pidfd {
    private final Kernel kernel;
    private final Descriptor descriptor;

    /** Takes over the descriptor. */
    public Pidfd(EventLoop loop, int fd) {
        this.kernel = loop.kernel();
        this.descriptor = new Descriptor(loop, fd);
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /** 0, also when the child has ended, or -errno. */
    public long signal(int signal) {
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
    public boolean isUnreaped() {
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
