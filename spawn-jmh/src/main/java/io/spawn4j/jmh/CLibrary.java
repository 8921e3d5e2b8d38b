// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.mapper.FunctionMapper;

/** {@code libcontender.so}, loaded into this JVM. */
final class CLibrary {
    /** The C functions; {@code contender.h} says what they do. Public because jnr-ffi implements it at run time. */
    public interface Functions {
        long posixSpawn(Pointer path, int pipes);

        long posixSpawnLoop(Pointer path, int pipes, long count);

        long cpuNanos(int children);

        long openDescriptors(@Out int[] fds, int count);

        void closeDescriptors(@In int[] fds, int count);
    }

    private final Functions functions;
    private final Map<Program, Pointer> paths = new EnumMap<>(Program.class);

    private CLibrary() {
        functions = LibraryLoader.create(Functions.class)
                .mapper(new FunctionMapper.Builder()
                        .map("posixSpawn", "contender_posix_spawn")
                        .map("posixSpawnLoop", "contender_posix_spawn_loop")
                        .map("cpuNanos", "contender_cpu_nanos")
                        .map("openDescriptors", "contender_open_descriptors")
                        .map("closeDescriptors", "contender_close_descriptors")
                        .build())
                .load(NativeFiles.contenderLibrary().toString());
        Runtime runtime = Runtime.getRuntime(functions);
        for (Program program : Program.values()) {
            byte[] path = (program.path() + '\0').getBytes(StandardCharsets.UTF_8);
            Pointer copy = Memory.allocateDirect(runtime, path.length);
            copy.put(0, path, 0, path.length);
            paths.put(program, copy);
        }
    }

    static CLibrary instance() {
        return Loaded.INSTANCE;
    }

    void spawnAndWait(Program program, boolean pipes) {
        check("posix_spawn", functions.posixSpawn(path(program), pipes ? 1 : 0));
    }

    /** As {@code count} calls of {@link #spawnAndWait}, without coming back to Java; returns what they took. */
    long spawnLoopNanos(Program program, boolean pipes, long count) {
        return check("posix_spawn", functions.posixSpawnLoop(path(program), pipes ? 1 : 0, count));
    }

    /** User and system time so far of this process. */
    long ownCpuNanos() {
        return check("getrusage", functions.cpuNanos(0));
    }

    /** User and system time of all children that this process has reaped. */
    long childrenCpuNanos() {
        return check("getrusage", functions.cpuNanos(1));
    }

    int[] openDescriptors(int count) {
        int[] fds = new int[count];
        check("open of /dev/null", functions.openDescriptors(fds, count));
        return fds;
    }

    void closeDescriptors(int[] fds) {
        functions.closeDescriptors(fds, fds.length);
    }

    private Pointer path(Program program) {
        Pointer path = paths.get(program);
        if (path == null) {
            throw new IllegalArgumentException("no path for " + program);
        }
        return path;
    }

    private static long check(String call, long result) {
        if (result < 0) {
            throw new IllegalStateException("the C library's " + call + " failed: errno " + -result);
        }
        return result;
    }

    private static final class Loaded {
        static final CLibrary INSTANCE = new CLibrary();
    }
}
