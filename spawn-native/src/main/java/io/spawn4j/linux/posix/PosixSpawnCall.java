// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.PolicyBits;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.kernel.CStrings;
import io.spawn4j.linux.kernel.Libc;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import java.io.File;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** The arguments of one posix_spawn call: attributes, file actions, program. */
final class PosixSpawnCall implements AutoCloseable {
    /** More than any libc's posix_spawnattr_t (glibc: 336) and posix_spawn_file_actions_t (80). */
    static final int OPAQUE_BYTES = 1024;

    private static final int SIGSET_BYTES = 128;
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80; // glibc 2.26, musl 1.1.24
    private static final int FIRST_NON_STDIO = 3;

    private final Libc libc;
    private final NativeMemory attributes = new NativeMemory(OPAQUE_BYTES);
    private final NativeMemory actions = new NativeMemory(OPAQUE_BYTES);
    private final NativeMemory pid = new NativeMemory(Integer.BYTES);
    private final List<NativeMemory> kept = new ArrayList<>();
    private List<byte[]> arguments = List.of();
    private long environment;

    PosixSpawnCall(Libc libc) {
        this.libc = libc;
        libc.posixSpawnattrInit(attributes.address);
        libc.posixSpawnFileActionsInit(actions.address);
    }

    /**
     * Puts descriptors of ours, each above every target, on the child's numbers, and closes all others. 0, or an errno: a libc
     * may look at the numbers at once, and drop what it refuses.
     */
    int descriptors(SortedMap<Integer, Integer> placed, boolean closeRest) {
        int error = 0;
        int highest = FIRST_NON_STDIO - 1;
        for (Map.Entry<Integer, Integer> entry : placed.entrySet()) {
            int target = entry.getKey();
            for (int gap = highest + 1; gap < target && error == 0; gap++) {
                error = libc.posixSpawnFileActionsAddclose(actions.address, gap);
            }
            highest = Math.max(highest, target);
            if (error == 0) {
                error = entry.getValue() == RedirectFiles.CLOSED
                        ? libc.posixSpawnFileActionsAddclose(actions.address, target)
                        : libc.posixSpawnFileActionsAdddup2(actions.address, entry.getValue(), target);
            }
        }
        if (closeRest && error == 0) {
            error = libc.posixSpawnFileActionsAddclosefromNp(actions.address, highest + 1);
        }
        return error;
    }

    /** 0, or an errno: the libc keeps a copy of the path, for which it needs memory. */
    int directory(@Nullable File directory) {
        if (directory == null) {
            return 0;
        }
        NativeMemory path = keep(NativeMemory.cString(NativeStrings.encode(directory.getPath())));
        return libc.posixSpawnFileActionsAddchdirNp(actions.address, path.address);
    }

    /** 0, or an errno: a libc refuses all flags for one that it does not know. */
    int attributes(SpawnPolicy policy) {
        int flags = SETSIGDEF | SETSIGMASK;
        libc.posixSpawnattrSetsigdefault(attributes.address, signalSet(-1L).address);
        libc.posixSpawnattrSetsigmask(
                attributes.address, signalSet(PolicyBits.signalSet(policy.blockedSignals())).address);
        if (policy.newSession()) {
            flags |= SETSID;
        }
        if (policy.newProcessGroup() || policy.joinProcessGroup().isPresent()) {
            flags |= SETPGROUP;
            libc.posixSpawnattrSetpgroup(
                    attributes.address,
                    Math.toIntExact(policy.joinProcessGroup().orElse(0)));
        }
        return libc.posixSpawnattrSetflags(attributes.address, (short) flags);
    }

    void program(List<byte[]> argv, List<byte[]> envp) {
        arguments = argv;
        environment = array(envp);
    }

    /** 0 or an errno. */
    int spawn(byte[] path) {
        return spawn(path, arguments);
    }

    /** As execvp(3) does with a file of unknown format. */
    int spawnAsScript(byte[] path) {
        List<byte[]> shell = new ArrayList<>();
        shell.add(NativeStrings.encode("/bin/sh"));
        shell.add(path);
        shell.addAll(arguments.subList(1, arguments.size()));
        return spawn(NativeStrings.encode("/bin/sh"), shell);
    }

    private int spawn(byte[] path, List<byte[]> argv) {
        NativeMemory program = keep(NativeMemory.cString(path));
        Pointer variables = Runtime.getSystemRuntime().getMemoryManager().newPointer(environment);
        try {
            return libc.posixSpawn(
                    pid.address, program.address, actions.address, attributes.address, array(argv), variables);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    int pid() {
        return pid.bytes.getInt(0);
    }

    private NativeMemory signalSet(long set) {
        NativeMemory memory = keep(new NativeMemory(SIGSET_BYTES));
        memory.bytes.putLong(0, set);
        return memory;
    }

    private long array(List<byte[]> strings) {
        NativeMemory memory = keep(new NativeMemory(CStrings.arrayBytes(strings)));
        return new CStrings(memory).putArray(strings);
    }

    private NativeMemory keep(NativeMemory memory) {
        kept.add(memory);
        return memory;
    }

    @Override
    public void close() {
        libc.posixSpawnattrDestroy(attributes.address);
        libc.posixSpawnFileActionsDestroy(actions.address);
    }
}
