// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.linux.kernel.CFunction;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.StartFailure;
import org.jspecify.annotations.Nullable;

/** The libc's functions that the posix_spawn engine calls. Those of the posix_spawn family return an errno. */
public final class PosixSpawnFunctions {
    final CFunction spawn;
    final CFunction actionsInit;
    final CFunction actionsDestroy;
    final CFunction addDup2;
    final CFunction addClose;
    final CFunction attributesInit;
    final CFunction attributesDestroy;
    final CFunction setFlags;
    final CFunction setMask;
    final CFunction setDefaults;
    final CFunction setGroup;
    final CFunction pipe2;
    final CFunction fcntl;

    /** posix_spawn_file_actions_addchdir_np: glibc 2.29, musl 1.1.24. */
    final @Nullable CFunction addDirectory;

    /** posix_spawn_file_actions_addclosefrom_np: glibc 2.34. */
    final @Nullable CFunction addCloseFrom;

    public PosixSpawnFunctions(CLibrary libc) throws StartFailure {
        spawn = libc.function("posix_spawn");
        actionsInit = libc.function("posix_spawn_file_actions_init");
        actionsDestroy = libc.function("posix_spawn_file_actions_destroy");
        addDup2 = libc.function("posix_spawn_file_actions_adddup2");
        addClose = libc.function("posix_spawn_file_actions_addclose");
        attributesInit = libc.function("posix_spawnattr_init");
        attributesDestroy = libc.function("posix_spawnattr_destroy");
        setFlags = libc.function("posix_spawnattr_setflags");
        setMask = libc.function("posix_spawnattr_setsigmask");
        setDefaults = libc.function("posix_spawnattr_setsigdefault");
        setGroup = libc.function("posix_spawnattr_setpgroup");
        pipe2 = libc.function("pipe2");
        fcntl = libc.function("fcntl");
        addDirectory = libc.find("posix_spawn_file_actions_addchdir_np");
        addCloseFrom = libc.find("posix_spawn_file_actions_addclosefrom_np");
    }
}
