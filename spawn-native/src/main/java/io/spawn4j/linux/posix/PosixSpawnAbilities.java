// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Libc;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.NativeMemory;
import java.lang.ref.Reference;

/**
 * What this host's posix_spawn and kernel can do for the engine, found by doing.
 *
 * @param changesDirectory posix_spawn_file_actions_addchdir_np is there
 * @param closesRest posix_spawn_file_actions_addclosefrom_np is there
 * @param pidfds children can be watched through pidfds
 */
public record PosixSpawnAbilities(boolean changesDirectory, boolean closesRest, boolean pidfds) {
    public static PosixSpawnAbilities find(Libc libc, LibcKernel kernel) {
        NativeMemory memory = new NativeMemory(PosixSpawnCall.OPAQUE_BYTES);
        NativeMemory root = NativeMemory.cString(new byte[] {'/'});
        libc.posixSpawnFileActionsInit(memory.address);
        try {
            boolean changesDirectory = exists(() -> libc.posixSpawnFileActionsAddchdirNp(memory.address, root.address));
            boolean closesRest = exists(() -> libc.posixSpawnFileActionsAddclosefromNp(memory.address, 3));
            return new PosixSpawnAbilities(changesDirectory, closesRest, kernel.canReapPidfds() && pidfdsWork(kernel));
        } finally {
            libc.posixSpawnFileActionsDestroy(memory.address);
            Reference.reachabilityFence(root);
        }
    }

    private static boolean exists(Runnable call) {
        try {
            call.run();
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static boolean pidfdsWork(LibcKernel kernel) {
        long own = kernel.pidfdOpen((int) ProcessHandle.current().pid());
        if (own < 0) {
            return false;
        }
        long signalled = kernel.pidfdSignal((int) own, 0);
        NativeMemory record = new NativeMemory(ExitRecord.BYTES);
        long waited = kernel.reap((int) own, record.address);
        kernel.close((int) own);
        // Not a child of its own: ECHILD shows that waitid knows pidfds.
        return signalled == 0 && waited == -Errno.ECHILD;
    }
}
