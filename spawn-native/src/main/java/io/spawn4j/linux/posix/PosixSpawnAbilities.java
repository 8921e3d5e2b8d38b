// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.HostAbility;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.NativeMemory;
import java.util.List;

/**
 * What this host's posix_spawn and kernel can do for the engine.
 *
 * @param changesDirectory posix_spawn_file_actions_addchdir_np is there
 * @param closesRest posix_spawn_file_actions_addclosefrom_np is there
 * @param pidfds children can be watched through pidfds, found by doing
 */
record PosixSpawnAbilities(boolean changesDirectory, boolean closesRest, boolean pidfds) {
    static PosixSpawnAbilities find(PosixSpawnFunctions libc, LibcKernel kernel) {
        return new PosixSpawnAbilities(
                libc.addDirectory != null, libc.addCloseFrom != null, kernel.canReapPidfds() && pidfdsWork(kernel));
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

    List<HostAbility> rows() {
        return List.of(
                new HostAbility("working directory", changesDirectory, "posix_spawn_file_actions_addchdir_np"),
                new HostAbility("no stray descriptors", closesRest, "posix_spawn_file_actions_addclosefrom_np"),
                new HostAbility("pidfds", pidfds, "pidfd_open, and waitid with P_PIDFD"));
    }
}
