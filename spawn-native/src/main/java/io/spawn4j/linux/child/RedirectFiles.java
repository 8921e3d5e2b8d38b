// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that a request redirects to, opened by the caller on its own thread (opening a FIFO may block) and closed
 * by it again: closing one on a dead file system may block, too, and is to hang nobody else.
 */
public final class RedirectFiles implements AutoCloseable {
    private static final int MODE = 0666;

    private final Kernel kernel;
    private final List<Integer> open = new ArrayList<>(3);

    /** What goes on the child's descriptor: the number of a descriptor of ours, or one of these. */
    public static final int PIPE = -1;

    public static final int SAME_AS_STDOUT = -2;
    public static final int CLOSED = -3;

    public final int[] standard = {PIPE, PIPE, PIPE};
    public final Map<Integer, Integer> extra = new TreeMap<>();

    RedirectFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Opens all of them, or none. */
    public static RedirectFiles open(Kernel kernel, SpawnRequest request) throws SpawnException {
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

    // A directory opens for reading, and only the child's read would fail: the JDK refuses it here.
    private long openReadable(NativeMemory path, int flags, File file) {
        long fd = Kernel.openUninterrupted(kernel, path, flags, MODE);
        if (fd >= 0 && flags == Kernel.READ_ONLY && file.isDirectory()) {
            kernel.close((int) fd);
            return -Errno.EISDIR;
        }
        return fd;
    }

    /** After EBADF: this JVM's own stdin, stdout or stderr may be closed; then so is the child's. */
    public boolean findClosedStandard() {
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
