// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the C core out of the jar without leaving a file behind: from a sealed memfd, or, where the host's security
 * forbids that, from a private directory that is removed at once.
 */
public final class CoreLoader {
    private static final String FILE = "libspawn4j.so";

    /** Its handle once it is loaded, or 0. It stays mapped (-z nodelete), so a later engine need not map it again. */
    private static volatile long loaded;

    private CoreLoader() {}

    /** Loads it, and keeps it loaded. */
    public static LoadedCore load(NativeCalls calls) throws StartFailure {
        long known = loaded;
        if (known != 0) {
            return new LoadedCore(new BoundCore(CLibrary.of(calls, known, FILE)), -1);
        }
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
        return loaded(core, fd);
    }

    private static LoadedCore loaded(CLibrary library, int memfd) throws StartFailure {
        LoadedCore core = new LoadedCore(new BoundCore(library), memfd);
        loaded = library.handle();
        return core;
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
                return loaded(core, -1);
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
