// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the C core out of the jar without leaving a file behind: from a sealed memfd, or, where the host's security forbids
 * that, from a private directory that is removed at once.
 */
final class CoreLoader {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10; // Linux 6.3
    private static final int F_ADD_SEALS = 1033;
    private static final int ALL_SEALS = 0xf; // SEAL, SHRINK, GROW, WRITE

    private static final Logger LOG = LoggerFactory.getLogger(CoreLoader.class);

    private CoreLoader() {}

    static CoreLibrary load() throws StartFailure {
        byte[] image = image();
        Libc libc = Libc.get();
        int fd = memfd(libc, image);
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

    private static byte[] image() throws StartFailure {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String directory = machine.equals("amd64") ? "x86_64" : machine;
        try (InputStream resource = CoreLoader.class.getResourceAsStream(directory + "/libspawn4j.so")) {
            if (resource == null) {
                throw new StartFailure("this build has no C core for " + machine);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new StartFailure("the C core cannot be read from its jar: " + e.getMessage(), e);
        }
    }

    private static int memfd(Libc libc, byte[] image) {
        int fd = libc.memfdCreate("spawn4j", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (fd < 0) {
            fd = libc.memfdCreate("spawn4j", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        }
        if (fd < 0) {
            return -Libc.errno();
        }
        NativeMemory memory = NativeMemory.cString(image);
        for (long at = 0; at < image.length; ) {
            long written = libc.write(fd, memory.address + at, image.length - at);
            if (written <= 0) {
                int errno = Libc.errno();
                libc.close(fd);
                return -errno;
            }
            at += written;
        }
        if (libc.fcntl(fd, F_ADD_SEALS, ALL_SEALS) < 0) {
            int errno = Libc.errno();
            libc.close(fd);
            return -errno;
        }
        return fd;
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
