// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.linux.kernel.EngineOptions;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The cgroup (version 2) below which trees get leaves of their own: that of the JVM, wherever its file system is
 * mounted, or the one that a property names.
 */
public final class LeafParent {
    private static final String OWN = "0::";
    private static final int MOUNT_ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final long SERIALS = 1L << 48;

    /** Two JVMs may have the same pid, in containers that share a parent. */
    private static final AtomicLong LAST_SERIAL =
            new AtomicLong(ThreadLocalRandom.current().nextLong(SERIALS));

    private record Located(String cgroup, Path directory) {}

    /** The table of mounts is long, and its cgroup2 line stays. */
    private static volatile @Nullable Located lastLocated;

    private LeafParent() {}

    /** A number that no other leaf of a JVM with this pid has. */
    static long nextSerial() {
        return LAST_SERIAL.incrementAndGet();
    }

    /** The name that spawn4j-init gives a leaf. */
    static String leafName(long serial) {
        return "spawn4j-" + ProcessHandle.current().pid() + "-" + serial;
    }

    /** Its directory now: a JVM may be moved. */
    public static Path find() throws StartFailure {
        String named = System.getProperty(EngineOptions.CGROUP, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        try {
            String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith(OWN))
                    .map(line -> line.substring(OWN.length()))
                    .findFirst()
                    .orElseThrow(() -> new StartFailure("no cgroup of version 2 (/proc/self/cgroup)", Errno.ENOENT));
            Located last = lastLocated;
            if (last == null || !last.cgroup.equals(own)) {
                last = new Located(
                        own,
                        locate(own, Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)));
                lastLocated = last;
            }
            return last.directory;
        } catch (IOException e) {
            throw new StartFailure("the JVM's cgroup: " + e.getMessage(), e);
        }
    }

    /** The controllers that a cgroup made there has. */
    public static List<String> controllers() throws StartFailure {
        Path file = find().resolve("cgroup.subtree_control");
        try {
            return List.of(Files.readString(file).strip().split(" "));
        } catch (IOException e) {
            throw new StartFailure(file + ": " + e.getMessage(), e);
        }
    }

    /** Where a cgroup is in the file system, by the lines of mountinfo, proc_pid_mountinfo(5). */
    static Path locate(String cgroup, List<String> mounts) throws StartFailure {
        for (String line : mounts) {
            String[] fields = line.split(" ");
            int separator = List.of(fields).indexOf("-");
            if (separator < 0 || !fields[separator + 1].equals("cgroup2")) {
                continue;
            }
            String root = unescape(fields[MOUNT_ROOT]);
            String prefix = root.equals("/") ? "" : root;
            if (cgroup.equals(prefix) || cgroup.startsWith(prefix + "/")) {
                return Path.of(unescape(fields[MOUNT_POINT]) + cgroup.substring(prefix.length()));
            }
        }
        throw new StartFailure("cgroup " + cgroup + " of version 2 is not mounted here", Errno.ENOENT);
    }

    // Space, tab, newline and backslash are written as three octal digits.
    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < field.length(); at++) {
            if (field.charAt(at) == '\\' && at + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(at + 1, at + 4), 8));
                at += 3;
            } else {
                text.append(field.charAt(at));
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
