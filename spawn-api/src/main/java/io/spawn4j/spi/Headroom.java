// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.spi;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What must be free before an engine is loaded or comes up. There is one try then: a class loader gives a jar up for
 * ever, without a word, where it has no descriptor to open it, and a class that cannot be initialised for want of
 * memory is lost, one of the JDK's own among them.
 */
public final class Headroom {
    private static final int HEAP_BYTES = 4 << 20;
    private static final int CHUNK_BYTES = 64 << 10;

    private static final int ENOMEM = 12;
    private static final int EMFILE = 24;

    private static final File FILE = new File("/proc/self/stat");

    private Headroom() {}

    /**
     * Tries whether there is some now.
     *
     * @param descriptors how many are to be free
     * @throws SpawnException with EMFILE or ENOMEM, if there is not
     */
    public static void require(int descriptors) throws SpawnException {
        requireHeap();
        requireDescriptors(descriptors);
    }

    private static void requireHeap() throws SpawnException {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        if (runtime.maxMemory() - used > 2 * HEAP_BYTES) {
            return; // to touch memory that a start does not need would only cost it time
        }
        try {
            byte[][] room = new byte[HEAP_BYTES / CHUNK_BYTES][];
            for (int i = 0; i < room.length; i++) {
                room[i] = new byte[CHUNK_BYTES];
            }
        } catch (OutOfMemoryError e) {
            throw new SpawnException(
                    HEAP_BYTES / 1024 + " KiB of free heap are needed to begin with: ENOMEM (Cannot allocate memory)",
                    SpawnStage.SPAWNER,
                    ENOMEM,
                    "ENOMEM",
                    e);
        }
    }

    private static void requireDescriptors(int count) throws SpawnException {
        FileInputStream[] spare = new FileInputStream[count];
        try {
            for (int i = 0; i < spare.length; i++) {
                spare[i] = new FileInputStream(FILE);
            }
        } catch (IOException e) {
            if (FILE.exists()) { // it may always be read, and the words of the exception depend on the locale
                throw new SpawnException(
                        count + " free descriptors are needed to begin with: EMFILE (Too many open files)",
                        SpawnStage.SPAWNER,
                        EMFILE,
                        "EMFILE",
                        e);
            }
        } finally {
            for (FileInputStream file : spare) {
                close(file);
            }
        }
    }

    private static void close(@Nullable FileInputStream file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("close of " + FILE, e);
        }
    }
}
