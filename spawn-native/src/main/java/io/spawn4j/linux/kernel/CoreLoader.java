// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the C core out of the jar without leaving a file behind: from a sealed memfd, or, where the host's security forbids
 * that, from a private directory that is removed at once.
 */
public final class CoreLoader {
    private static final String FILE = "libspawn4j.so";

    private CoreLoader() {}

    /** Loads it, and keeps it loaded. */
    public static LoadedCore load(NativeCalls calls) throws StartFailure {
        byte[] image = Binaries.read(FILE);
        CLibrary libc = CLibrary.ofProcess(calls);
        int fd = SealedMemfd.create(libc, "spawn4j", image);
        if (fd < 0) {
            return loadFromDirectory(calls, image, "memfd_create: " + Errno.describe(-fd));
        }
        CLibrary core;
        try {
            core = CLibrary.load(calls, onlyPathOf(fd));
        } catch (StartFailure e) {
            libc.function("close").callInt(fd);
            return loadFromDirectory(calls, image, String.valueOf(e.getMessage()));
        }
        return new LoadedCore(new BoundCore(core), fd);
    }

    // Loaders remember a library by its path: with the number used again, after a shutdown or by another class loader's
    // copy of this class,
    // the next library loaded from /proc/self/fd/N would be this one. "/" and "/./" are the same to the kernel, and not
    // to a loader.
    private static String onlyPathOf(int fd) {
        StringBuilder path = new StringBuilder("/proc/self/fd");
        for (long bits = System.nanoTime() | Long.MIN_VALUE; bits != 0; bits >>>= 1) {
            path.append((bits & 1) == 0 ? "/" : "/./");
        }
        return path.append(fd).toString();
    }

    private static LoadedCore loadFromDirectory(NativeCalls calls, byte[] image, String reason) throws StartFailure {
        List<String> refusals = new ArrayList<>();
        for (Path place : PrivateDirectory.places()) {
            try (PrivateDirectory directory = PrivateDirectory.in(place, FILE)) {
                directory.write(image);
                CLibrary core = CLibrary.load(calls, directory.file().toString());
                Log.warn(
                        CoreLoader.class,
                        "the C core cannot be loaded from a memfd ({}); it was loaded from a file in {}, which is removed"
                                + " at once",
                        reason,
                        place);
                return new LoadedCore(new BoundCore(core), -1);
            } catch (IOException e) {
                refusals.add(place + ": " + e);
            } catch (StartFailure e) {
                refusals.add(place + ": " + e.getMessage());
            }
        }
        throw new StartFailure("the C core can be loaded neither from a memfd (" + reason + ") nor from a directory ("
                + String.join("; ", refusals) + ")");
    }
}
