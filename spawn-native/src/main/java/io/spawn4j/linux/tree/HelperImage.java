// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.Binaries;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.linux.kernel.SealedMemfd;
import io.spawn4j.linux.kernel.StartFailure;
import java.util.concurrent.locks.ReentrantLock;

/**
 * spawn4j-init as a descriptor that children execute: a sealed memfd, made at the first start that needs it and kept as
 * long as the engine; or the file that a property names, where a host forbids to execute memfds.
 */
public final class HelperImage {
    private final Kernel kernel;
    private final CLibrary libc;
    private final ReentrantLock lock = new ReentrantLock();
    private int descriptor = -1; // guarded by lock

    public HelperImage(Kernel kernel, CLibrary libc) {
        this.kernel = kernel;
        this.libc = libc;
    }

    /** This JVM's descriptor of it. */
    public int descriptor() throws StartFailure {
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

    public void close() {
        lock.lock();
        try {
            if (descriptor >= 0) {
                kernel.close(descriptor);
                descriptor = -1;
            }
        } finally {
            lock.unlock();
        }
    }

    private int open() throws StartFailure {
        String file = System.getProperty(EngineOptions.HELPER, "");
        if (file.isEmpty()) {
            int made = SealedMemfd.create(libc, "spawn4j-init", Binaries.read("spawn4j-init"));
            return StartFailure.check("spawn4j-init: memfd_create, write and fcntl(F_ADD_SEALS)", made);
        }
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(file));
        return StartFailure.check(
                "-D" + EngineOptions.HELPER + "=" + file,
                VirtualThreads.blocking(() -> Kernel.openUninterrupted(kernel, path, Kernel.READ_ONLY, 0)));
    }
}
