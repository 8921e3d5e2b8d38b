// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file in memory, made before jffi is there: memfd_create(2) by java.lang.foreign (JDK 22 and newer), which takes
 * longer to begin with than all of jffi. Seen through reflection, for this is Java 17.
 */
final class ForeignMemfd implements AutoCloseable {
    private static final int SINCE = 22;
    private static final int MFD_CLOEXEC = 1;
    private static final String FOREIGN = "java.lang.foreign.";

    private final int fd;
    private final Calls calls;

    private ForeignMemfd(int fd, Calls calls) {
        this.fd = fd;
        this.calls = calls;
    }

    static boolean isPossible() {
        return Runtime.version().feature() >= SINCE;
    }

    static ForeignMemfd create(String name, byte[] image) throws IOException, StartFailure {
        Calls calls = Calls.find();
        int fd = calls.memfdCreate(name);
        if (fd < 0) {
            throw new IOException("memfd_create failed");
        }
        ForeignMemfd memfd = new ForeignMemfd(fd, calls);
        boolean written = false;
        try (OutputStream out = new FileOutputStream(memfd.path().toFile())) {
            out.write(image);
            written = true;
        } finally {
            if (!written) {
                memfd.close();
            }
        }
        return memfd;
    }

    Path path() {
        return Path.of("/proc/self/fd/" + fd);
    }

    @Override
    public void close() {
        calls.close(fd);
    }

    /** Two functions of the libc, as method handles. */
    private record Calls(Object arena, MethodHandle memfdCreate, MethodHandle close) {
        static Calls find() throws StartFailure {
            try {
                Class<?> linkerType = Class.forName(FOREIGN + "Linker");
                Class<?> descriptorType = Class.forName(FOREIGN + "FunctionDescriptor");
                Class<?> layoutType = Class.forName(FOREIGN + "MemoryLayout");
                Class<?> values = Class.forName(FOREIGN + "ValueLayout");
                Object linker = linkerType.getMethod("nativeLinker").invoke(null);
                Object anInt = values.getField("JAVA_INT").get(null);
                Object address = values.getField("ADDRESS").get(null);
                return new Calls(
                        Class.forName(FOREIGN + "Arena").getMethod("global").invoke(null),
                        bind(linkerType, linker, "memfd_create", descriptorType, layoutType, anInt, address, anInt),
                        bind(linkerType, linker, "close", descriptorType, layoutType, anInt, anInt));
            } catch (InvocationTargetException e) {
                Throwable cause = e.getCause();
                throw cause instanceof IllegalCallerException ? NativeAccess.denied(cause) : unusable(e);
            } catch (ReflectiveOperationException e) {
                throw unusable(e);
            }
        }

        private static StartFailure unusable(Exception e) {
            return new StartFailure("java.lang.foreign cannot be used: " + e, e);
        }

        private static MethodHandle bind(
                Class<?> linkerType,
                Object linker,
                String symbol,
                Class<?> descriptorType,
                Class<?> layoutType,
                Object result,
                Object... parameters)
                throws ReflectiveOperationException {
            Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
            Optional<?> found = (Optional<?>) Class.forName(FOREIGN + "SymbolLookup")
                    .getMethod("find", String.class)
                    .invoke(lookup, symbol);
            Object layouts = java.lang.reflect.Array.newInstance(layoutType, parameters.length);
            System.arraycopy(parameters, 0, layouts, 0, parameters.length);
            Object descriptor = descriptorType
                    .getMethod("of", layoutType, layouts.getClass())
                    .invoke(null, result, layouts);
            Class<?> optionType = Class.forName(FOREIGN + "Linker$Option");
            Object noOptions = java.lang.reflect.Array.newInstance(optionType, 0);
            return (MethodHandle) linkerType
                    .getMethod(
                            "downcallHandle",
                            Class.forName(FOREIGN + "MemorySegment"),
                            descriptorType,
                            noOptions.getClass())
                    .invoke(linker, found.orElseThrow(), descriptor, noOptions);
        }

        int memfdCreate(String name) {
            try {
                Object string = Class.forName(FOREIGN + "SegmentAllocator")
                        .getMethod("allocateFrom", String.class)
                        .invoke(arena, name);
                return (int) memfdCreate.invoke(string, MFD_CLOEXEC);
            } catch (Throwable e) {
                throw new IllegalStateException("memfd_create by java.lang.foreign", e);
            }
        }

        void close(int fd) {
            try {
                int closed = (int) close.invoke(fd);
                if (closed < 0) {
                    throw new IllegalStateException("close(" + fd + ")");
                }
            } catch (Throwable e) {
                throw new IllegalStateException("close by java.lang.foreign", e);
            }
        }
    }
}
