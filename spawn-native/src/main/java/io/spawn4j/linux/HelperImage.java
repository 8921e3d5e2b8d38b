// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.lang.ref.Reference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * spawn4j-init as a descriptor that children execute: a sealed memfd, made at the first start that needs it and kept as long as the
 * JVM; or the file that a property names, where a host forbids to execute memfds.
 */
final class HelperImage {
    private final Kernel kernel;
    private final ReentrantLock lock = new ReentrantLock();
    private int descriptor = -1; // guarded by lock

    HelperImage(Kernel kernel) {
        this.kernel = kernel;
    }

    /** This JVM's descriptor of it. */
    int descriptor() throws StartFailure {
        lock.lock();
        try {
            if (descriptor < 0) {
                descriptor = open();
            }
            return descriptor;
        } finally {
            lock.unlock();
        }
    }

    private int open() throws StartFailure {
        String file = System.getProperty(EngineOptions.HELPER, "");
        if (file.isEmpty()) {
            int made = SealedMemfd.create(Libc.get(), "spawn4j-init", Binaries.read("spawn4j-init"));
            return StartFailure.check("spawn4j-init: memfd_create, write and fcntl(F_ADD_SEALS)", made);
        }
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(file));
        try {
            return StartFailure.check(
                    "-D" + EngineOptions.HELPER + "=" + file,
                    VirtualThreads.blocking(() -> kernel.open(path.address, Kernel.READ_ONLY, 0)));
        } finally {
            Reference.reachabilityFence(path);
        }
    }
}
