// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import io.spawn4j.SpawnBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A tree of processes of every kind that outlives naive killing, all known by a variable of their environment, whatever
 * their parents, groups, sessions and namespaces are.
 *
 * @param mark the variable and its value
 */
public record MarkedTree(String mark) {
    private static final String VARIABLE = "SPAWN4J_TREE";

    // Fields of /proc/<pid>/stat, counted from the state.
    private static final int SESSION = 3;
    private static final int FLAGS = 6;
    private static final int ENV_START = 47;
    private static final int ENV_END = 48;

    private static final long PF_EXITING = 0x4;
    private static final long PF_KTHREAD = 0x200000;

    /**
     * A program that ignores SIGTERM, with a child, a stopped one, a daemon in a session of its own, an orphan of a
     * double fork, and one that ignores SIGTERM; says "ready" when all are there.
     */
    private static final String SCRIPT = """
            trap '' TERM
            sleep 1000 &
            sh -c 'kill -STOP $$; sleep 1000' &
            setsid --fork sh -c 'sleep 1000 & wait'
            sh -c '(setsid sleep 1000 & ) & wait'
            sh -c 'trap "" TERM HUP; sleep 1000; sleep 1000' &
            echo ready
            sleep 1000
            """;

    /** How many processes the script makes at least. */
    public static final int PROCESSES = 8;

    /** How many of them come to be in other sessions. */
    public static final int IN_OTHER_SESSIONS = 3;

    /** A mark that no other tree has. */
    public static MarkedTree fresh() {
        return new MarkedTree(VARIABLE + "=" + UUID.randomUUID());
    }

    /** The program that makes the tree. */
    public SpawnBuilder builder() {
        return mark(new SpawnBuilder("sh", "-c", SCRIPT));
    }

    /** Puts the mark on a program. */
    public SpawnBuilder mark(SpawnBuilder builder) {
        int equals = mark.indexOf('=');
        builder.environment().put(mark.substring(0, equals), mark.substring(equals + 1));
        return builder;
    }

    /** The processes of the tree that are alive. Not for trees with a process that hangs in a file system. */
    public List<Long> alive() {
        return processes(pid -> !isSupervisor(pid));
    }

    /** Those of them that are in another session than this JVM. */
    public List<Long> inOtherSessions() {
        Optional<String> own = session(ProcFs.self());
        return alive().stream().filter(pid -> !session(pid).equals(own)).toList();
    }

    private static Optional<String> session(long pid) {
        return ProcFs.stat(pid).map(fields -> fields.get(SESSION));
    }

    /** The spawn4j-init processes that supervise it. */
    public List<Long> supervisors() {
        return processes(MarkedTree::isSupervisor);
    }

    private static boolean isSupervisor(long pid) {
        return ProcFs.commandLine(pid).startsWith("spawn4j-init");
    }

    /** Both. */
    public List<Long> all() {
        return processes(pid -> true);
    }

    // The name first: a process that ends loses it and its environment at once, and is none of either kind then.
    private List<Long> processes(Predicate<Long> kind) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(Long::valueOf)
                    .filter(kind)
                    .filter(this::has)
                    .filter(ProcFs::isRunning)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean has(long pid) {
        try {
            String variables;
            do {
                variables = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
            } while (variables.isEmpty() && isChangingPrograms(pid));
            return ("\0" + variables).contains("\0" + mark + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    // What was opened may be the old program's environment, which is gone when it is read; and within exec the new
    // memory
    // has none yet (proc_pid_stat(5): flags of linux/sched.h, env_start, env_end). Kernel threads and processes that
    // end
    // have none, either.
    private static boolean isChangingPrograms(long pid) {
        return ProcFs.stat(pid).filter(MarkedTree::isChangingPrograms).isPresent();
    }

    private static boolean isChangingPrograms(List<String> fields) {
        String end = fields.get(ENV_END);
        boolean isEmpty = !end.equals("0") && end.equals(fields.get(ENV_START));
        return (Long.parseLong(fields.get(FLAGS)) & (PF_EXITING | PF_KTHREAD)) == 0 && !isEmpty;
    }
}
