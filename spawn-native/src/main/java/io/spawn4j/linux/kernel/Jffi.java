// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Version;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Gets jffi to work. Its classes do so in their static initialisers, which have one try: what is loaded from where is
 * settled before they run, and whatever can fail has been done once by then.
 *
 * <p>Left to itself, jffi unpacks its stub, a JNI library, to {@code java.io.tmpdir} or else to the working directory,
 * under a name and with permissions that others may use. Here the stub is put into a {@linkplain JniLibrary place of
 * its own}, loaded, and removed at once. Who sets one of jffi's own properties for the place gets jffi's own way.
 */
public final class Jffi {
    /** jffi loads its stub from there, and then looks no further. */
    private static final String BOOT_PATH = "jffi.boot.library.path";

    private static final String[] OWN_WAYS = {BOOT_PATH, "jffi.extract.dir", "jffi.extract.name"};

    /** That jffi's stub is loaded and that it knows so. A later try, after a failure, would map another copy of it. */
    private static volatile boolean stubIsLoaded;

    /** Why one of jffi's classes is lost: it says so once. */
    private static volatile @Nullable String lost;

    private Jffi() {}

    /**
     * Tries once. A failure leaves nothing behind; where there were descriptors and heap enough, a later call may
     * succeed.
     */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // the one object that all copies of this class share
    public static NativeCalls open() throws StartFailure {
        // What all copies of this class have in common: for a moment, a property tells jffi where its stub lies.
        synchronized (MemoryIO.class) {
            return stubIsLoaded || hasItsOwnWay() ? bind() : placeAndBind();
        }
    }

    private static NativeCalls placeAndBind() throws StartFailure {
        String library = System.mapLibraryName("jffi-" + Version.MAJOR + "." + Version.MINOR);
        byte[] stub = readStub(library);
        if (stub == null) { // repackaged without it, or an architecture that jffi finds by another name
            return bind();
        }
        try (JniLibrary placed = JniLibrary.place(library, stub, MemoryIO.class)) {
            stubIsLoaded = placed.isLoaded() && skipsItsLoader();
            return stubIsLoaded ? bind() : bindFrom(placed.directory());
        }
    }

    private static boolean hasItsOwnWay() {
        for (String property : OWN_WAYS) {
            if (System.getProperty(property) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells jffi that its stub is loaded, which it is. Else its loader would look for the stub once more, and bring up
     * java.util.logging to say so: milliseconds, and a module that a small run-time image has not.
     */
    private static boolean skipsItsLoader() {
        try {
            Field loaded = Class.forName("com.kenai.jffi.Init").getDeclaredField("loaded");
            loaded.setAccessible(true);
            loaded.setBoolean(null, true);
            return true;
        } catch (ReflectiveOperationException | RuntimeException otherVersion) {
            return false; // its loader finds the stub where it lies
        }
    }

    private static NativeCalls bindFrom(Path directory) throws StartFailure {
        System.setProperty(BOOT_PATH, directory.toString());
        try {
            NativeCalls calls = bind();
            stubIsLoaded = true;
            return calls;
        } finally {
            System.clearProperty(BOOT_PATH);
        }
    }

    private static NativeCalls bind() throws StartFailure {
        try {
            JffiCleaner.silence();
            NativeCalls calls = new NativeCalls();
            NativeMemory.initialize();
            return calls;
        } catch (RuntimeException | LinkageError e) {
            Throwable root = StartFailure.rootOf(e);
            // Of memory, or of a thread for jffi's cleaner: it may pass.
            if (root instanceof OutOfMemoryError shortage) {
                throw shortage;
            }
            String first = lost;
            if (first != null) {
                throw new StartFailure(first, e);
            }
            StartFailure failure = root instanceof IllegalCallerException
                    ? NativeAccess.denied(root)
                    : new StartFailure("jffi cannot be loaded: " + firstLine(root), e);
            lost = failure.getMessage();
            throw failure;
        }
    }

    // jffi's own message may hold whole stack traces.
    private static String firstLine(Throwable e) {
        String text = e.toString();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static byte @Nullable [] readStub(String library) throws StartFailure {
        // The loader, not the class: on a module path the stub is in a module of its own.
        ClassLoader loader = MemoryIO.class.getClassLoader();
        String name = "jni/" + Binaries.machine() + "-Linux/" + library;
        try (InputStream resource = loader.getResourceAsStream(name)) {
            return resource == null ? null : resource.readAllBytes();
        } catch (IOException e) {
            throw new StartFailure("jffi's " + library + " cannot be read from its jar: " + e.getMessage(), e);
        }
    }
}
