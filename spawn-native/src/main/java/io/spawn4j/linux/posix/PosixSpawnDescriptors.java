// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.posix;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.LibcKernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.spi.SpawnRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The descriptors of one posix_spawn: pipes, and copies of whatever lies where the child's own numbers will be. All are
 * opened close-on-exec in this JVM's table, where a foreign fork without exec may hold them: the native engine has no
 * such moment.
 */
final class PosixSpawnDescriptors implements AutoCloseable {
    private static final int O_CLOEXEC = 02000000;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final PosixSpawnFunctions libc;
    private final LibcKernel kernel;
    private final RedirectFiles files;
    private final int[] parentEnds = {-1, -1, -1};
    private final List<Integer> toClose = new ArrayList<>();
    private final SortedMap<Integer, Integer> placed = new TreeMap<>();

    PosixSpawnDescriptors(PosixSpawnFunctions libc, LibcKernel kernel, RedirectFiles files) {
        this.libc = libc;
        this.kernel = kernel;
        this.files = files;
    }

    void open(SpawnRequest request) throws SpawnException {
        files.findClosedStandard();
        for (int target = 0; target < parentEnds.length; target++) {
            int from = files.standard[target];
            if (from == RedirectFiles.PIPE) {
                from = pipe(request, target);
            } else if (from == RedirectFiles.SAME_AS_STDOUT) {
                from = placed.getOrDefault(1, RedirectFiles.CLOSED);
            }
            placed.put(target, from);
        }
        for (int from : files.extra.values()) {
            if (kernel.isOpen(from) == 0) {
                throw Failures.at(request, SpawnStage.DESCRIPTORS, Errno.EBADF);
            }
        }
        placed.putAll(files.extra);
        moveAboveTargets(request);
    }

    private int pipe(SpawnRequest request, int target) throws SpawnException {
        NativeMemory pair = new NativeMemory(2 * Integer.BYTES);
        int made = libc.pipe2.intOrErrno(pair.address, O_CLOEXEC);
        if (made < 0) {
            throw Failures.at(request, SpawnStage.PIPE, -made);
        }
        int childIndex = target == 0 ? 0 : 1;
        int child = pair.bytes.getInt(childIndex * Integer.BYTES);
        toClose.add(child);
        parentEnds[target] = pair.bytes.getInt((1 - childIndex) * Integer.BYTES);
        long changed = kernel.setNonBlocking(parentEnds[target]);
        if (changed < 0) { // a thread of the reader's would hang in a blocking one, beyond the reach of close()
            throw Failures.at(request, SpawnStage.PIPE, (int) -changed);
        }
        return child;
    }

    // A source below a target could be overwritten before its turn.
    private void moveAboveTargets(SpawnRequest request) throws SpawnException {
        int highest = placed.lastKey();
        for (Map.Entry<Integer, Integer> entry : placed.entrySet()) {
            int from = entry.getValue();
            if (from < 0 || from > highest) {
                continue;
            }
            int copy = libc.fcntl.intOrErrno(from, F_DUPFD_CLOEXEC, highest + 1);
            if (copy < 0) {
                throw Failures.at(request, SpawnStage.DESCRIPTORS, -copy);
            }
            toClose.add(copy);
            entry.setValue(copy);
        }
    }

    SortedMap<Integer, Integer> placed() {
        return placed;
    }

    /** The parent's ends, which the caller owns from now on. */
    int[] releaseParentEnds() {
        int[] ends = parentEnds.clone();
        Arrays.fill(parentEnds, -1);
        return ends;
    }

    @Override
    public void close() {
        toClose.forEach(kernel::close);
        for (int end : parentEnds) {
            if (end >= 0) {
                kernel.close(end);
            }
        }
    }
}
