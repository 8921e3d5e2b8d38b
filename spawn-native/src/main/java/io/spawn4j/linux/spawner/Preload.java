// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.child.JvmEnvironment;
import io.spawn4j.linux.event.CleanThreads;

/**
 * Loads the classes of a start while the engine comes up: on a thread beside the door's, which waits for the kernel and
 * for jffi, so that the first child of a JVM finds them loaded. On one CPU there is nothing to gain by it.
 *
 * <p>Nothing depends on it. No class here touches jffi when it is initialised.
 */
final class Preload implements Runnable {
    /** In the order in which they are needed. */
    static final String[] CLASSES = {
        "kernel.CLibrary",
        "kernel.CoreLibrary",
        "kernel.BoundCore",
        "kernel.Layout",
        "event.EventLoop",
        "event.NativeWaits",
        "spawner.Spawner",
        "spawner.NativeEngine",
        "child.Launcher",
        "child.LinuxChild",
        "child.RedirectFiles",
        "child.InitNeed",
        "event.Deadline",
        "spawner.Slot",
        "spawner.Start",
        "spawner.RequestWriter",
        "kernel.CStrings",
        "child.ProgramPath",
        "child.PolicyBits",
        "child.Stages",
        "child.Launched",
        "stream.Streams",
        "stream.PipeOutput",
        "stream.PipeInput",
        "stream.PipeReadiness",
        "child.PidfdWatch",
        "child.Pidfd",
        "child.LiveChildren",
        "kernel.ExitRecord",
    };

    private Preload() {}

    /** Begins, where a second CPU can do it. */
    static void begin() {
        if (Runtime.getRuntime().availableProcessors() > 1) {
            try {
                CleanThreads.start("spawn4j-preload", new Preload());
            } catch (OutOfMemoryError noThread) {
                // The start loads them by itself, and needs fewer threads.
            }
        }
    }

    @Override
    public void run() {
        ClassLoader loader = Preload.class.getClassLoader();
        try {
            for (String name : CLASSES) {
                Class.forName("io.spawn4j.linux." + name, true, loader);
            }
            JvmEnvironment.current();
        } catch (Throwable cause) {
            // Whoever needs that class, or the rest, is told the same.
        }
    }
}
