// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.linux.kernel.Log;
import io.spawn4j.linux.kernel.NativeStrings;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's environment as raw bytes. A variable that is no text in the platform's encoding is damaged in
 * {@link System#getenv()}; unless the user changed it, the child gets the bytes that the JVM got.
 */
public final class JvmEnvironment {
    /** A variable's value as Java sees it, and "name=value" as the JVM got it. */
    private static final class Raw {
        final String value;
        final byte[] assignment;

        Raw(String value, byte[] assignment) {
            this.value = value;
            this.assignment = assignment;
        }
    }

    private static volatile @Nullable JvmEnvironment current;

    // A copy, which compares names as Java sees them: System.getenv(name) would compare the bytes.
    private final Map<String, String> asJavaSees = new HashMap<>(System.getenv());
    private final List<byte[]> allRaw = new ArrayList<>();
    private final Map<String, Raw> raw = new HashMap<>();
    private final byte[][] path;

    private JvmEnvironment() {
        readRaw();
        path = splitInherited();
    }

    /** Read at its first use; not in a static initialiser, which has one try. */
    public static JvmEnvironment current() {
        JvmEnvironment known = current;
        if (known == null) {
            known = new JvmEnvironment();
            current = known;
        }
        return known;
    }

    /** The directories of PATH as the JVM got it; those of execvp(3) without one. */
    byte[][] path() {
        return path;
    }

    /**
     * "name=value" of each variable of the JVM itself, with those whose names are the same to Java but not to the
     * kernel.
     */
    public List<byte[]> inherited() {
        return raw.keySet().equals(asJavaSees.keySet()) ? allRaw : encode(asJavaSees);
    }

    /** "name=value" of each variable, unchanged ones as the JVM got them. */
    public List<byte[]> encode(Map<String, String> variables) {
        List<byte[]> assignments = new ArrayList<>(variables.size());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            Raw got = raw.get(variable.getKey());
            assignments.add(
                    got != null && got.value.equals(variable.getValue())
                            ? got.assignment
                            : NativeStrings.encode(variable.getKey() + "=" + variable.getValue()));
        }
        return assignments;
    }

    /** The directories of a PATH, an empty one standing for the working directory. */
    static byte[][] splitPath(@Nullable String path) {
        return splitPath(NativeStrings.encode(path == null ? "/bin:/usr/bin" : path), 0);
    }

    private byte[][] splitInherited() {
        Raw got = raw.get("PATH");
        return got == null ? splitPath(System.getenv("PATH")) : splitPath(got.assignment, "PATH=".length());
    }

    private static byte[][] splitPath(byte[] path, int from) {
        List<byte[]> directories = new ArrayList<>();
        int start = from;
        for (int end = from; end <= path.length; end++) {
            if (end == path.length || path[end] == ':') {
                directories.add(Arrays.copyOfRange(path, start, end));
                start = end + 1;
            }
        }
        return directories.toArray(new byte[0][]);
    }

    private static byte[] readEnviron() throws IOException {
        try (InputStream file = new FileInputStream("/proc/self/environ")) {
            return file.readAllBytes();
        }
    }

    private void readRaw() {
        byte[] block;
        try {
            block = readEnviron();
        } catch (IOException e) {
            Log.warn(
                    JvmEnvironment.class,
                    "/proc/self/environ cannot be read: variables that are no text in {} reach children damaged",
                    NativeStrings.CHARSET,
                    e);
            return;
        }
        for (int start = 0; start < block.length; ) {
            int end = start;
            while (end < block.length && block[end] != 0) {
                end++;
            }
            // A name may begin with '=', as in the JDK's view.
            int equals = start + 1;
            while (equals < end && block[equals] != '=') {
                equals++;
            }
            if (equals < end) {
                remember(Arrays.copyOfRange(block, start, end), equals - start);
            }
            start = end + 1;
        }
    }

    private void remember(byte[] assignment, int equals) {
        String name = new String(assignment, 0, equals, NativeStrings.CHARSET);
        String value = new String(assignment, equals + 1, assignment.length - equals - 1, NativeStrings.CHARSET);
        allRaw.add(assignment);
        // What the launcher changed since is not what System.getenv shows.
        if (value.equals(asJavaSees.get(name))) {
            raw.putIfAbsent(name, new Raw(value, assignment));
        }
    }
}
