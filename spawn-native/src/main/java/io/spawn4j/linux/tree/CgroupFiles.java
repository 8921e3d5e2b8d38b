// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a start opens in the cgroup file system for its spawn4j-init, and closes when that one has its copies. */
public final class CgroupFiles implements AutoCloseable {
    private final Kernel kernel;

    /** {@code cgroup.procs} of the cgroup to join, or -1. */
    private int procs = -1;

    /** The directory in which spawn4j-init makes a cgroup, or -1. */
    private int leafParent = -1;

    private @Nullable Path leafParentPath;

    private CgroupFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Opens all that the request needs, or nothing. */
    public static CgroupFiles open(Kernel kernel, SpawnRequest request, Containment containment) throws SpawnException {
        CgroupFiles files = new CgroupFiles(kernel);
        boolean done = false;
        try {
            Path joined = request.policy().joinCgroup().orElse(null);
            if (joined != null) {
                files.openProcs(request, joined);
            }
            if (containment == Containment.CGROUP) {
                files.openLeafParent(request);
            }
            done = true;
            return files;
        } finally {
            if (!done) {
                files.close();
            }
        }
    }

    /** {@code cgroup.procs} of the cgroup to join, or -1. */
    public int procs() {
        return procs;
    }

    /** The directory in which spawn4j-init makes a cgroup, or -1. */
    public int leafParent() {
        return leafParent;
    }

    /** The path of a cgroup that spawn4j-init makes, or null. */
    public @Nullable Path leaf(long serial) {
        return leafParentPath == null ? null : leafParentPath.resolve(LeafParent.leafName(serial));
    }

    private void openProcs(SpawnRequest request, Path directory) throws SpawnException {
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(directory + "/cgroup.procs"));
        long fd = VirtualThreads.blocking(() -> openProcs(path, directory));
        if (fd < 0) {
            throw Failures.at(
                    request,
                    SpawnStage.CGROUP,
                    (int) -fd,
                    directory
                            + (fd == -Errno.EINVAL
                                    ? " is no cgroup"
                                    : fd == -Errno.EOPNOTSUPP ? " is threaded" : "/cgroup.procs"));
        }
        procs = (int) fd;
    }

    // Any directory may hold a file of that name, even one whose opening hangs: so the file system first.
    private long openProcs(NativeMemory path, Path directory) {
        try {
            if (!Files.getFileStore(directory).type().startsWith("cgroup")) {
                return -Errno.EINVAL;
            }
        } catch (NoSuchFileException e) {
            return -Errno.ENOENT;
        } catch (IOException e) {
            return -Errno.EACCES;
        }
        if (isThreaded(directory)) {
            return -Errno.EOPNOTSUPP;
        }
        return Kernel.openUninterrupted(kernel, path, Kernel.WRITE_ONLY, 0);
    }

    // The kernel would let a process of the same threaded tree in. The root, and version 1, have no such file.
    private static boolean isThreaded(Path directory) {
        try {
            String type = Files.readString(directory.resolve("cgroup.type")).strip();
            return type.equals("threaded") || type.equals("domain invalid");
        } catch (IOException none) {
            return false;
        }
    }

    private void openLeafParent(SpawnRequest request) throws SpawnException {
        Path directory;
        try {
            directory = LeafParent.find();
        } catch (StartFailure e) {
            throw ContainmentFailures.noLeafParent(request, e);
        }
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(directory.toString()));
        int flags = Kernel.READ_ONLY | Kernel.directoryFlag();
        long fd = VirtualThreads.blocking(() -> Kernel.openUninterrupted(kernel, path, flags, 0));
        if (fd < 0) {
            throw ContainmentFailures.noLeafParent(request, new StartFailure("open(" + directory + ")", (int) -fd));
        }
        leafParent = (int) fd;
        leafParentPath = directory;
    }

    @Override
    public void close() {
        closeIfOpen(procs);
        closeIfOpen(leafParent);
    }

    private void closeIfOpen(int fd) {
        if (fd >= 0) {
            kernel.close(fd);
        }
    }
}
