// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.mapper.FunctionMapper;

/**
 * {@code libcontender.so}, loaded into this JVM.
 *
 * <p>What fails in C throws an IllegalStateException that names the call and the errno.
 */
public final class CLibrary {
    private static final int CHILD_LENGTH = 4;
    private static final int USAGE_LENGTH = 3;

    /** How C starts a child, by the numbers of {@code contender.h}. */
    public enum How {
        /** libc's posix_spawn. */
        POSIX_SPAWN(0, "posix_spawn"),
        /** vfork, system calls of its own, and exec. */
        VFORK(1, "vfork and exec"),
        /** The same after clone3 with CLONE_VM, CLONE_VFORK and CLONE_CLEAR_SIGHAND. */
        CLONE3(2, "clone3 and exec");

        private final int number;
        private final String call;

        How(int number, String call) {
            this.number = number;
            this.call = call;
        }
    }

    /**
     * What processes have used.
     *
     * @param cpuNanos user and system time
     * @param voluntarySwitches context switches because they waited
     * @param involuntarySwitches context switches because they were preempted
     */
    public record Usage(long cpuNanos, long voluntarySwitches, long involuntarySwitches) {
        /** What was used between an earlier account and this one. */
        public Usage since(Usage earlier) {
            return new Usage(
                    cpuNanos - earlier.cpuNanos,
                    voluntarySwitches - earlier.voluntarySwitches,
                    involuntarySwitches - earlier.involuntarySwitches);
        }
    }

    /** The C functions; {@code contender.h} says what they do. Public because jnr-ffi implements it at run time. */
    public interface Functions {
        long start(int how, Pointer argv, int pipes, @Out int[] child);

        long spawn(int how, Pointer argv, int pipes);

        long spawnLoop(int how, Pointer argv, int pipes, long count);

        long waitFor(int pid);

        long kill(int pid);

        long read(int fd, Pointer buffer, long size);

        long exitLatency(Pointer argv, @Out long[] nanos);

        long usage(int children, @Out long[] out);

        long openDescriptors(@Out int[] fds, int count);

        void closeDescriptors(@In int[] fds, int count);
    }

    private final Functions functions;
    private final Runtime runtime;

    private CLibrary() {
        functions = LibraryLoader.create(Functions.class)
                .mapper(new FunctionMapper.Builder()
                        .map("start", "contender_start")
                        .map("spawn", "contender_spawn")
                        .map("spawnLoop", "contender_spawn_loop")
                        .map("waitFor", "contender_wait")
                        .map("kill", "contender_kill")
                        .map("read", "contender_read")
                        .map("exitLatency", "contender_exit_latency")
                        .map("usage", "contender_usage")
                        .map("openDescriptors", "contender_open_descriptors")
                        .map("closeDescriptors", "contender_close_descriptors")
                        .build())
                .load(NativeFiles.path("libcontender.so"));
        runtime = Runtime.getRuntime(functions);
    }

    /** The library of this JVM. */
    public static CLibrary instance() {
        return Loaded.INSTANCE;
    }

    /** What this process has used so far. */
    public Usage ownUsage() {
        return usage(0);
    }

    /** What all children have used that this process has reaped. */
    public Usage childrenUsage() {
        return usage(1);
    }

    private Usage usage(int children) {
        long[] out = new long[USAGE_LENGTH];
        check("getrusage", functions.usage(children, out));
        return new Usage(out[0], out[1], out[2]);
    }

    /**
     * As {@code count} times {@link Prepared#spawnAndWait} of the contender in C, without coming back to Java; returns
     * the nanoseconds that they took.
     */
    public long spawnLoopNanos(Command command, long count, How how) {
        Arguments arguments = arguments(command);
        try {
            return check(how.call, functions.spawnLoop(how.number, arguments.argv, pipes(command.streams()), count));
        } finally {
            Reference.reachabilityFence(arguments);
        }
    }

    /**
     * From the stamp of a child of posix_spawn, the last thing that it does, until waitid(2) has returned to the C
     * function that waits for it.
     *
     * @param stamp {@link Program#STAMP} with pipes, and with so long a sleep that waitid is reached before its end
     */
    public long exitLatencyNanos(Command stamp) {
        Arguments arguments = arguments(stamp);
        long[] nanos = new long[1];
        try {
            check("posix_spawn and waitid", functions.exitLatency(arguments.argv, nanos));
        } finally {
            Reference.reachabilityFence(arguments);
        }
        return nanos[0];
    }

    /** Opens /dev/null so many times, close-on-exec. */
    public int[] openDescriptors(int count) {
        int[] fds = new int[count];
        check("open of /dev/null", functions.openDescriptors(fds, count));
        return fds;
    }

    /** Closes those that are not negative. */
    public void closeDescriptors(int[] fds) {
        functions.closeDescriptors(fds, fds.length);
    }

    /** A command's arguments for C, which knows no variables but the JVM's. */
    Arguments arguments(Command command) {
        if (!command.variables().isEmpty()) {
            throw new IllegalArgumentException("C passes on the JVM's environment, not " + command.variables());
        }
        return new Arguments(runtime, command.argv());
    }

    void spawnAndWait(How how, Arguments arguments, Streams streams) {
        try {
            check(how.call, functions.spawn(how.number, arguments.argv, pipes(streams)));
        } finally {
            Reference.reachabilityFence(arguments);
        }
    }

    /** The child's pid, and this JVM's ends of its three streams. */
    int[] start(How how, Arguments arguments, Streams streams) {
        int[] child = new int[CHILD_LENGTH];
        try {
            check(how.call, functions.start(how.number, arguments.argv, pipes(streams), child));
        } finally {
            Reference.reachabilityFence(arguments);
        }
        return child;
    }

    /** The exit code, or 128 plus a signal's number. */
    int waitFor(int pid) {
        return (int) check("waitid", functions.waitFor(pid));
    }

    void kill(int pid) {
        check("kill", functions.kill(pid));
    }

    /** Native memory that stays until the pointer is garbage. */
    Pointer buffer(int size) {
        return Memory.allocateDirect(runtime, size);
    }

    /** How many bytes were read; 0 at the end. */
    int read(int fd, Pointer buffer, int size) {
        try {
            return (int) check("read", functions.read(fd, buffer, size));
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    private static int pipes(Streams streams) {
        return streams == Streams.PIPES ? 1 : 0;
    }

    private static long check(String call, long result) {
        if (result < 0) {
            throw new IllegalStateException("the C library's " + call + " failed: errno " + -result);
        }
        return result;
    }

    /** An argv in native memory, which stays until this is garbage. */
    static final class Arguments {
        private final Pointer argv;

        private Arguments(Runtime runtime, List<String> strings) {
            List<byte[]> encoded = strings.stream()
                    .map(string -> (string + '\0').getBytes(StandardCharsets.UTF_8))
                    .toList();
            int vector = (encoded.size() + 1) * runtime.addressSize();
            argv = Memory.allocateDirect(
                    runtime,
                    vector + encoded.stream().mapToInt(bytes -> bytes.length).sum(),
                    true);
            int at = vector;
            for (int i = 0; i < encoded.size(); i++) {
                byte[] bytes = encoded.get(i);
                argv.put(at, bytes, 0, bytes.length);
                argv.putAddress((long) i * runtime.addressSize(), argv.address() + at);
                at += bytes.length;
            }
        }
    }

    private static final class Loaded {
        static final CLibrary INSTANCE = new CLibrary();
    }
}
