// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.mapper.FunctionMapper;

/** The native test tools, which the build leaves in the directory that {@code spawn4j.test.tools} names. */
public final class TestTools {
    private TestTools() {}

    /** The directory of the tools. */
    public static Path directory() {
        String directory = System.getProperty("spawn4j.test.tools");
        if (directory == null) {
            throw new IllegalStateException("the system property spawn4j.test.tools does not name the test tools");
        }
        return Path.of(directory);
    }

    /** The absolute path of a tool, say {@code fdlist}. */
    public static String path(String tool) {
        Path path = directory().resolve(tool).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new IllegalStateException("no test tool " + path + ": src/test/c/build.sh makes it");
        }
        return path.toString();
    }

    /** A command line that runs a tool. */
    public static List<String> command(String tool, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(path(tool));
        command.addAll(List.of(arguments));
        return command;
    }

    /** libspawn4j-test.so, loaded at the first call. */
    public static TestNative natives() {
        return Loaded.NATIVES;
    }

    /** Passes a value through; a -errno is an {@link IllegalStateException}. */
    public static long ok(long result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
        return result;
    }

    /** Passes a value through; a -errno is an {@link IllegalStateException}. */
    public static int ok(int result) {
        return (int) ok((long) result);
    }

    private static final class Loaded {
        static final TestNative NATIVES = LibraryLoader.loadLibrary(
                TestNative.class,
                Map.of(LibraryOption.FunctionMapper, (FunctionMapper) (name, context) -> symbol(name)),
                path("libspawn4j-test.so"));

        private static String symbol(String method) {
            return "test_" + method.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        }
    }
}
