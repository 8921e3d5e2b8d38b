// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a request redirects to, opened by the caller on its own thread (opening a FIFO may block) and closed by it
 * again: closing one on a dead file system may block, too, and is to hang nobody else.
 */
final class RedirectFiles implements AutoCloseable {
    private static final int MODE = 0666;

    private final Kernel kernel;
    private final List<Integer> open = new ArrayList<>(3);

    /** What goes on the child's descriptor: the number of a descriptor of ours, or one of these. */
    static final int PIPE = -1;

    static final int SAME_AS_STDOUT = -2;
    static final int CLOSED = -3;

    final int[] standard = {PIPE, PIPE, PIPE};
    final Map<Integer, Integer> extra = new TreeMap<>();

    /** {@code cgroup.procs} of the cgroup to join, or -1. */
    int cgroup = -1;

    /** The directory in which spawn4j-init makes a cgroup, or -1. */
    int leafParent = -1;

    /** Its path. */
    @Nullable
    Path leafParentPath;

    RedirectFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Opens all of them, or none. */
    static RedirectFiles open(Kernel kernel, SpawnRequest request) throws SpawnException {
        RedirectFiles files = new RedirectFiles(kernel);
        boolean done = false;
        try {
            files.standard[0] = files.resolve(request, request.input(), 0);
            files.standard[1] = files.resolve(request, request.output(), 1);
            files.standard[2] = request.mergeError() ? SAME_AS_STDOUT : files.resolve(request, request.error(), 2);
            files.extra.putAll(request.policy().extraDescriptors());
            for (Map.Entry<Integer, Redirect> entry :
                    request.policy().extraFiles().entrySet()) {
                files.extra.put(entry.getKey(), files.openFile(request, entry.getValue()));
            }
            done = true;
            return files;
        } finally {
            if (!done) {
                files.close();
            }
        }
    }

    private int resolve(SpawnRequest request, Redirect redirect, int inherited) throws SpawnException {
        return switch (redirect.type()) {
            case PIPE -> PIPE;
            case INHERIT -> inherited;
            default -> openFile(request, redirect);
        };
    }

    private int openFile(SpawnRequest request, Redirect redirect) throws SpawnException {
        File file = redirect.file();
        if (file == null) {
            throw new SpawnException(
                    Failures.opening(request) + ": " + redirect + " is no file", SpawnStage.REDIRECT, 0, "", null);
        }
        int flags = switch (redirect.type()) {
            case READ -> Kernel.READ_ONLY;
            case APPEND -> Kernel.WRITE_ONLY | Kernel.CREATE | Kernel.APPEND;
            default -> Kernel.WRITE_ONLY | Kernel.CREATE | Kernel.TRUNCATE;
        };
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(file.getPath()));
        long fd = VirtualThreads.blocking(() -> openReadable(path, flags, file));
        if (fd < 0) {
            throw Failures.redirect(request, file, (int) -fd);
        }
        open.add((int) fd);
        return (int) fd;
    }

    /** Opens {@code cgroup.procs} of the cgroup to join, if there is one. */
    void openCgroup(SpawnRequest request) throws SpawnException {
        if (request.policy().joinCgroup().isPresent()) {
            cgroup = openCgroup(request, request.policy().joinCgroup().get());
        }
    }

    private int openCgroup(SpawnRequest request, Path directory) throws SpawnException {
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(directory + "/cgroup.procs"));
        long fd;
        try {
            fd = VirtualThreads.blocking(() -> openCgroup(path, directory));
        } finally {
            Reference.reachabilityFence(path);
        }
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
        open.add((int) fd);
        return (int) fd;
    }

    /** Opens the directory in which the tree gets a cgroup of its own. */
    void openLeafParent(SpawnRequest request) throws SpawnException {
        if (leafParent >= 0) {
            return;
        }
        Path directory;
        try {
            directory = LeafParent.find();
        } catch (StartFailure e) {
            throw Failures.noLeafParent(request, e);
        }
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(directory.toString()));
        long fd;
        try {
            fd = VirtualThreads.blocking(() -> kernel.open(path.address, Kernel.READ_ONLY | Kernel.DIRECTORY, 0));
        } finally {
            Reference.reachabilityFence(path);
        }
        if (fd < 0) {
            throw Failures.noLeafParent(request, new StartFailure("open(" + directory + ")", (int) -fd));
        }
        open.add((int) fd);
        leafParent = (int) fd;
        leafParentPath = directory;
    }

    // Any directory may hold a file of that name, even one whose opening hangs: so the file system first.
    private long openCgroup(NativeMemory path, Path directory) {
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
        return openUninterrupted(path, Kernel.WRITE_ONLY, 0);
    }

    private long openUninterrupted(NativeMemory path, int flags, int mode) {
        long fd;
        do {
            fd = kernel.open(path.address, flags, mode);
        } while (fd == -Errno.EINTR);
        return fd;
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

    // A directory opens for reading, and only the child's read would fail: the JDK refuses it here.
    private long openReadable(NativeMemory path, int flags, File file) {
        long fd;
        try {
            fd = openUninterrupted(path, flags, MODE);
        } finally {
            Reference.reachabilityFence(path);
        }
        if (fd >= 0 && flags == Kernel.READ_ONLY && file.isDirectory()) {
            kernel.close((int) fd);
            return -Errno.EISDIR;
        }
        return fd;
    }

    /** After EBADF: this JVM's own stdin, stdout or stderr may be closed; then so is the child's. */
    boolean findClosedStandard() {
        boolean found = false;
        for (int i = 0; i < standard.length; i++) {
            if (standard[i] == i && kernel.isOpen(i) == 0) {
                standard[i] = CLOSED;
                found = true;
            }
        }
        return found;
    }

    /** Makes this descriptor, owned by this from now on, the child's stdin. */
    void takeAsStdin(int fd) {
        open.add(fd);
        standard[0] = fd;
    }

    @Override
    public void close() {
        if (open.isEmpty()) {
            return;
        }
        VirtualThreads.blocking(() -> {
            open.forEach(kernel::close);
            return 0;
        });
        open.clear();
    }
}
