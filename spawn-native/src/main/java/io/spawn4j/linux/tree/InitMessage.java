// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.ExitStatus;
import io.spawn4j.KillReport;
import io.spawn4j.ResourceUsage;
import io.spawn4j.linux.kernel.CoreLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.ExitRecord;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.StartFailure;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A datagram of spawn4j-init, {@code struct init_report}, of which {@code struct init_answer} is the beginning.
 *
 * <pre>
 *  0      4       8       12     16                96         100         104      108    112            496
 *  +------+-------+-------+------+-----------------+----------+-----------+--------+------+--------------+-----------+
 *  | kind | stage | error | call | struct s4j_exit | sequence | signalled | reaped | left | 32 survivors | tells end |
 *  +------+-------+-------+------+-----------------+----------+-----------+--------+------+--------------+-----------+
 * </pre>
 */
final class InitMessage {
    static final int READY = 1;
    static final int FAILED = 2;
    static final int STARTED = 3;
    static final int ENDED = 4;
    static final int KILLED = 5;
    static final int EMPTY = 6;

    private static final int STAGE = 4;
    private static final int ERROR = 8;
    private static final int CALL = 12;
    private static final int EXIT = 16;
    private static final int SEQUENCE = EXIT + ExitRecord.BYTES;
    private static final int SIGNALLED = SEQUENCE + 4;
    private static final int REAPED = SEQUENCE + 8;
    private static final int LEFT = SEQUENCE + 12;
    private static final int SURVIVORS = SEQUENCE + 16;
    private static final int SURVIVOR_BYTES = 12;
    private static final int MAX_SURVIVORS = 32;
    private static final int TELLS_END = SURVIVORS + MAX_SURVIVORS * SURVIVOR_BYTES;
    private static final int BYTES = TELLS_END + 8; // as C pads it

    private static final int REQUEST_BYTES = 16;
    private static final int REQUEST_KILL = 1;
    private static final int REQUEST_SEEN = 2;

    /** By {@code enum init_call}. */
    private static final String[] CALLS = {
        "none",
        "signalfd4",
        "prctl(PR_SET_CHILD_SUBREAPER)",
        "open(/proc/self/task/TID/children)",
        "mkdir(a cgroup of its own)",
        "open(cgroup.kill)",
        "clone",
        "clone(CLONE_NEWPID)",
        "write(/proc/self/uid_map)",
        "mount(/proc)",
        "fcntl(F_DUPFD_CLOEXEC)",
        "setsid",
        "open and write(memory.max)",
        "open and write(pids.max)",
        "open and write(cpu.max)",
    };

    /** What the last of them are about. */
    private static final CgroupLimit[] LIMITS = {CgroupLimit.MEMORY, CgroupLimit.PIDS, CgroupLimit.CPU};

    private static final int FIRST_LIMIT = CALLS.length - LIMITS.length;

    private final NativeMemory memory = new NativeMemory(BYTES + Integer.BYTES);
    private long got;

    /** As {@link CoreLibrary#receive}. */
    long receive(CoreLibrary core, int socket) {
        do {
            got = core.receive(socket, memory.address, BYTES);
        } while (got
                == -Errno.ECONNRESET); // said once, before what it sent, when it ended with a request of ours unread
        return got;
    }

    int kind() {
        return memory.bytes.getInt(0);
    }

    int stage() {
        return memory.bytes.getInt(STAGE);
    }

    int error() {
        return memory.bytes.getInt(ERROR);
    }

    /** What failed. */
    String call() {
        return CALLS[memory.bytes.getInt(CALL)];
    }

    /** Which limit of the tree's cgroup it is that failed, or null for something else. */
    @Nullable
    CgroupLimit limit() {
        int at = memory.bytes.getInt(CALL) - FIRST_LIMIT;
        return at < 0 ? null : LIMITS[at];
    }

    /** STARTED: the pid of the program, as spawn4j-init sees it. */
    int startedPid() {
        return error();
    }

    /** The descriptor that came along, or -1. */
    int descriptor() {
        return memory.bytes.getInt((int) got);
    }

    /** Whether {@link #status} and {@link #usage} are there: with ENDED, and with an EMPTY that comes in its stead. */
    boolean tellsEnd() {
        return kind() == ENDED || (kind() == EMPTY && memory.bytes.getInt(TELLS_END) != 0);
    }

    private ByteBuffer exit() {
        return memory.bytes.slice(EXIT, ExitRecord.BYTES).order(ByteOrder.nativeOrder());
    }

    ExitStatus status() {
        return ExitRecord.status(exit());
    }

    ResourceUsage usage() {
        return ExitRecord.usage(exit());
    }

    /** How far the killing of a tree has come: the state after one request, or at the end. */
    record Progress(int sequence, int signalled, int reaped, int left, List<KillReport.Survivor> survivors) {}

    Progress progress() {
        ByteBuffer bytes = memory.bytes;
        int left = bytes.getInt(LEFT);
        List<KillReport.Survivor> survivors = new ArrayList<>();
        for (int i = 0; i < Math.min(left, MAX_SURVIVORS); i++) {
            int at = SURVIVORS + i * SURVIVOR_BYTES;
            survivors.add(
                    new KillReport.Survivor(bytes.getInt(at), why(bytes.getInt(at + 4), (char) bytes.getInt(at + 8))));
        }
        return new Progress(
                bytes.getInt(SEQUENCE), bytes.getInt(SIGNALLED), bytes.getInt(REAPED), left, List.copyOf(survivors));
    }

    private static String why(int errno, char state) {
        if (errno != 0) {
            return "the kernel refuses the signal: " + Errno.describe(errno);
        }
        return switch (state) {
            case 'D' -> "SIGKILL is pending; in uninterruptible sleep (state D) in the kernel";
            case 'Z' -> "SIGKILL is pending; its leader is a zombie, and another of its threads still lives";
            default -> "SIGKILL is pending; state " + state;
        };
    }

    /** Asks for the end of everything. 0 or -errno. */
    static long askToKill(Kernel kernel, int socket, int sequence, long millis) {
        return request(kernel, socket, REQUEST_KILL, sequence, millis);
    }

    /** Lets it reap the program, whose number had to be looked up before. */
    static void tellSeen(Kernel kernel, int socket) throws StartFailure {
        StartFailure.check("write to spawn4j-init", request(kernel, socket, REQUEST_SEEN, 0, 0));
    }

    private static long request(Kernel kernel, int socket, int kind, int sequence, long millis) {
        NativeMemory memory = new NativeMemory(REQUEST_BYTES);
        memory.bytes.putInt(0, kind).putInt(4, sequence).putLong(8, millis);
        try {
            long written = kernel.write(socket, memory.address, REQUEST_BYTES);
            return written < 0 ? written : 0;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
