// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.PolicyBits;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.kernel.CFunction;
import io.spawn4j.linux.kernel.CStrings;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import java.io.File;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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

    private final PosixSpawnFunctions libc;
    private final NativeMemory attributes = new NativeMemory(OPAQUE_BYTES);
    private final NativeMemory actions = new NativeMemory(OPAQUE_BYTES);
    private final NativeMemory pid = new NativeMemory(Integer.BYTES);
    private final List<NativeMemory> kept = new ArrayList<>();
    private List<byte[]> arguments = List.of();
    private long environment;

    PosixSpawnCall(PosixSpawnFunctions libc) {
        this.libc = libc;
        libc.attributesInit.call(attributes.address);
        libc.actionsInit.call(actions.address);
    }

    /**
     * Puts descriptors of ours, each above every target, on the child's numbers, and closes all others, if the libc
     * can. 0, or an errno: a libc may look at the numbers at once, and drop what it refuses.
     */
    int descriptors(SortedMap<Integer, Integer> placed) {
        int error = 0;
        int highest = FIRST_NON_STDIO - 1;
        for (Map.Entry<Integer, Integer> entry : placed.entrySet()) {
            int target = entry.getKey();
            for (int gap = highest + 1; gap < target && error == 0; gap++) {
                error = libc.addClose.callInt(actions.address, gap);
            }
            highest = Math.max(highest, target);
            if (error == 0) {
                error = entry.getValue() == RedirectFiles.CLOSED
                        ? libc.addClose.callInt(actions.address, target)
                        : libc.addDup2.callInt(actions.address, entry.getValue(), target);
            }
        }
        CFunction closeFrom = libc.addCloseFrom;
        if (closeFrom != null && error == 0) {
            error = closeFrom.callInt(actions.address, highest + 1);
        }
        return error;
    }

    /** 0, or an errno: the libc keeps a copy of the path, for which it needs memory. */
    int directory(@Nullable File directory) {
        CFunction change = libc.addDirectory;
        if (directory == null || change == null) { // the engine has refused one where it cannot be changed
            return 0;
        }
        NativeMemory path = keep(NativeMemory.cString(NativeStrings.encode(directory.getPath())));
        return change.callInt(actions.address, path.address);
    }

    /** 0, or an errno: a libc refuses all flags for one that it does not know. */
    int attributes(SpawnPolicy policy) {
        int flags = SETSIGDEF | SETSIGMASK;
        libc.setDefaults.call(attributes.address, signalSet(-1L).address);
        libc.setMask.call(attributes.address, signalSet(PolicyBits.signalSet(policy.blockedSignals())).address);
        if (policy.newSession()) {
            flags |= SETSID;
        }
        if (policy.newProcessGroup() || policy.joinProcessGroup().isPresent()) {
            flags |= SETPGROUP;
            libc.setGroup.call(attributes.address, policy.joinProcessGroup().orElse(0));
        }
        return libc.setFlags.callInt(attributes.address, flags);
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
        try {
            return (int) libc.spawn.call(
                    pid.address, program.address, actions.address, attributes.address, array(argv), environment);
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
        libc.attributesDestroy.call(attributes.address);
        libc.actionsDestroy.call(actions.address);
    }
}
