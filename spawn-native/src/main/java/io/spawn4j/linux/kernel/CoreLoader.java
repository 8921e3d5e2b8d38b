// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the C core out of the jar without leaving a file behind: from a sealed memfd, or, where the host's security forbids
 * that, from a private directory that is removed at once.
 */
public final class CoreLoader {
    private static final Logger LOG = LoggerFactory.getLogger(CoreLoader.class);

    private CoreLoader() {}

    public static CoreLibrary load() throws StartFailure {
        byte[] image = Binaries.read("libspawn4j.so");
        Libc libc = Libc.get();
        int fd = SealedMemfd.create(libc, "spawn4j", image);
        if (fd < 0) {
            return loadFromDirectory(image, fd);
        }
        try {
            // The descriptor stays open for ever. Loaders remember a library by its path: with the number
            // used again, the next library loaded from /proc/self/fd/N would be this one.
            return bind("/proc/self/fd/" + fd);
        } catch (UnsatisfiedLinkError e) {
            libc.close(fd);
            return loadFromDirectory(image, e);
        }
    }

    private static CoreLibrary loadFromDirectory(byte[] image, Object why) throws StartFailure {
        LOG.warn(
                "the C core cannot be loaded from a memfd; it is loaded from a file in java.io.tmpdir, which is removed at once");
        String reason = why instanceof Integer errno ? "memfd_create: " + Errno.describe(-errno) : why.toString();
        try {
            Path directory = Files.createTempDirectory(
                    "spawn4j", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path file = directory.resolve("libspawn4j.so");
            try {
                Files.write(file, image);
                return bind(file.toString());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new StartFailure(
                    "the C core can be loaded neither from a memfd (" + reason + ") nor from "
                            + System.getProperty("java.io.tmpdir") + " (" + e.getMessage() + ")",
                    e);
        }
    }

    private static CoreLibrary bind(String path) {
        return LibraryLoader.create(CoreLibrary.class)
                .mapper((name, context) -> "s4j_" + Symbols.cName(name))
                .option(LibraryOption.IgnoreError, true)
                .failImmediately()
                .load(path);
    }
}
