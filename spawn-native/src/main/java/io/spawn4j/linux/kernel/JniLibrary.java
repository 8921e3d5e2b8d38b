// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JNI library of somebody else's, put where nobody else can write it, and loaded from there once: so that its owner,
 * who has one try, finds it loadable. The file is there until this is closed.
 */
final class JniLibrary implements AutoCloseable {
    private final PrivateDirectory directory;
    private final boolean loaded;
    private final @Nullable ForeignMemfd memfd;

    private JniLibrary(PrivateDirectory directory, boolean loaded, @Nullable ForeignMemfd memfd) {
        this.directory = directory;
        this.loaded = loaded;
        this.memfd = memfd;
    }

    /** The directory in which it lies. */
    Path directory() {
        return directory.directory();
    }

    /**
     * Puts it into the first place that takes it and lets code be executed.
     *
     * @param owner the class that will load it again; its loader is the one that a library belongs to
     */
    static JniLibrary place(String name, byte[] image, Class<?> owner) throws StartFailure {
        List<String> refusals = new ArrayList<>();
        Path noexec = null;
        for (Path place : PrivateDirectory.places()) {
            PrivateDirectory directory = null;
            try {
                directory = PrivateDirectory.in(place, name);
                directory.write(image);
                JniLibrary placed = new JniLibrary(directory, tryToLoad(directory, owner), null);
                directory = null;
                return placed;
            } catch (IOException e) {
                refusals.add(place + ": " + e);
            } catch (UnsatisfiedLinkError e) {
                refusals.add(place + ": " + e.getMessage());
                noexec = noexec == null ? place : noexec;
            } finally {
                remove(directory);
            }
        }
        if (noexec != null && ForeignMemfd.isPossible()) {
            return inMemory(name, image, owner, noexec, refusals);
        }
        throw nowhere(name, refusals, null);
    }

    // A symbolic link needs no place that lets code be executed; what it names is in memory.
    private static JniLibrary inMemory(String name, byte[] image, Class<?> owner, Path place, List<String> refusals)
            throws StartFailure {
        PrivateDirectory directory = null;
        ForeignMemfd memfd = null;
        try {
            memfd = ForeignMemfd.create(name, image);
            directory = PrivateDirectory.in(place, name);
            directory.link(memfd.path());
            JniLibrary placed = new JniLibrary(directory, tryToLoad(directory, owner), memfd);
            directory = null;
            memfd = null;
            return placed;
        } catch (IOException | StartFailure | RuntimeException | UnsatisfiedLinkError e) {
            refusals.add("memory: " + e);
            throw nowhere(name, refusals, e);
        } finally {
            remove(directory);
            if (memfd != null) {
                memfd.close();
            }
        }
    }

    private static StartFailure nowhere(String name, List<String> refusals, @Nullable Throwable cause) {
        String message = "there is no place to load jffi's " + name + " from; what would help: a java.io.tmpdir that is"
                + " writable and not mounted noexec, or -Djffi.boot.library.path with a directory that has this file from"
                + " jffi's jar (tried: " + String.join("; ", refusals) + ")";
        return new StartFailure(message, 0, cause);
    }

    /** Whether it was loaded for the owner, so that its natives are bound. */
    boolean isLoaded() {
        return loaded;
    }

    // The owner's class loader is the one whose natives it binds: only from there does a try show what the owner will
    // see.
    private static boolean tryToLoad(PrivateDirectory directory, Class<?> owner) throws StartFailure {
        if (JniLibrary.class.getClassLoader() != owner.getClassLoader() || !NativeAccess.isGranted()) {
            if (MountOptions.isNoexec(directory.directory())) {
                throw new UnsatisfiedLinkError("mounted noexec");
            }
            return false;
        }
        try {
            System.load(directory.file().toString());
            return true;
        } catch (IllegalCallerException e) {
            throw NativeAccess.denied(e);
        }
    }

    private static void remove(@Nullable PrivateDirectory directory) {
        if (directory != null) {
            try {
                directory.close();
            } catch (IOException e) {
                Log.warn(JniLibrary.class, "a directory of a few hundred kilobytes stays: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        remove(directory);
        if (memfd != null) {
            memfd.close();
        }
    }
}
