// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.linux.event.VirtualThreads;
import io.spawn4j.linux.kernel.CFunction;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.linux.kernel.StartFailure;
import java.lang.ref.Reference;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host's users and groups, by the libc's reentrant functions: the others share one static buffer with every native
 * library of the process. Each method may take as long as a directory service does.
 */
final class Accounts {
    private static final int FIRST_BUFFER = 4096;
    private static final int LAST_BUFFER = 1 << 20;
    private static final int FIRST_GROUPS = 64;

    /** What getpwnam(3) says that systems return for it. */
    private static final Set<Integer> NOTHING_FOUND = Set.of(Errno.ENOENT, Errno.ESRCH, Errno.EBADF, Errno.EPERM);

    /**
     * {@code struct passwd}: name, password (8 bytes each), uid, gid (4 bytes each), and more; the same in glibc and
     * musl.
     */
    private static final int PASSWD_BYTES = 64;

    private static final int PASSWD_UID = 16;
    private static final int PASSWD_GID = 20;

    /** {@code struct group}: name, password (8 bytes each), gid (4 bytes), and more. */
    private static final int GROUP_BYTES = 64;

    private static final int GROUP_GID = 16;

    private final CFunction getpwnam;
    private final CFunction getpwuid;
    private final CFunction getgrnam;
    private final CFunction getgrouplist;

    Accounts(CLibrary libc) throws StartFailure {
        getpwnam = libc.function("getpwnam_r");
        getpwuid = libc.function("getpwuid_r");
        getgrnam = libc.function("getgrnam_r");
        getgrouplist = libc.function("getgrouplist");
    }

    /** A user of the database. {@code name} points into memory that it keeps. */
    record User(long uid, long gid, NativeMemory strings, long name) {}

    /** Null if there is none. */
    @Nullable
    User user(String name) throws StartFailure {
        NativeMemory key = NativeMemory.cString(NativeStrings.encodePath(name));
        return user("getpwnam_r", key, (entry, strings, size, result) ->
                (int) getpwnam.call(key.address, entry, strings, size, result));
    }

    /** Null if there is none. */
    @Nullable
    User user(long uid) throws StartFailure {
        return user("getpwuid_r", "", (entry, strings, size, result) ->
                (int) getpwuid.call(uid, entry, strings, size, result));
    }

    private @Nullable User user(String call, Object key, Lookup lookup) throws StartFailure {
        Found found = search(call, PASSWD_BYTES, key, lookup);
        return found == null
                ? null
                : new User(
                        unsigned(found.entry.bytes.getInt(PASSWD_UID)),
                        unsigned(found.entry.bytes.getInt(PASSWD_GID)),
                        found.strings,
                        found.entry.bytes.getLong(0));
    }

    /** The number of a group, or -1 if there is none. */
    long group(String name) throws StartFailure {
        NativeMemory key = NativeMemory.cString(NativeStrings.encodePath(name));
        Found found = search("getgrnam_r", GROUP_BYTES, key, (entry, strings, size, result) ->
                (int) getgrnam.call(key.address, entry, strings, size, result));
        return found == null ? -1 : unsigned(found.entry.bytes.getInt(GROUP_GID));
    }

    /** All groups of a user, his own among them. */
    long[] groupsOf(User user) throws StartFailure {
        NativeMemory count = new NativeMemory(Integer.BYTES);
        int capacity = FIRST_GROUPS;
        while (true) {
            NativeMemory groups = new NativeMemory(capacity * Integer.BYTES);
            count.bytes.putInt(0, capacity);
            int got = groups(user, groups, count);
            int wanted = count.bytes.getInt(0);
            if (got >= 0) {
                long[] numbers = new long[wanted];
                for (int i = 0; i < wanted; i++) {
                    numbers[i] = unsigned(groups.bytes.getInt(i * Integer.BYTES));
                }
                return numbers;
            }
            if (wanted <= capacity) {
                throw new StartFailure("getgrouplist says nothing of the groups of " + user.uid);
            }
            capacity = wanted;
        }
    }

    private int groups(User user, NativeMemory groups, NativeMemory count) {
        try {
            return (int) VirtualThreads.blocking(
                    () -> (int) getgrouplist.call(user.name, user.gid, groups.address, count.address));
        } finally {
            Reference.reachabilityFence(user.strings);
            Reference.reachabilityFence(groups);
            Reference.reachabilityFence(count);
        }
    }

    private interface Lookup {
        /** An errno, 0 also where nothing was found. */
        int call(long entry, long strings, long size, long result);
    }

    private record Found(NativeMemory entry, NativeMemory strings) {}

    private static @Nullable Found search(String call, int entryBytes, Object key, Lookup lookup) throws StartFailure {
        NativeMemory entry = new NativeMemory(entryBytes);
        NativeMemory result = new NativeMemory(Long.BYTES);
        int size = FIRST_BUFFER;
        while (true) {
            NativeMemory strings = new NativeMemory(size);
            int errno = blocking(lookup, key, entry, strings, result);
            if (errno == 0 || NOTHING_FOUND.contains(errno)) {
                return result.bytes.getLong(0) == 0 ? null : new Found(entry, strings);
            }
            if (errno == Errno.ERANGE && size < LAST_BUFFER) {
                size *= 2;
            } else if (errno != Errno.EINTR) {
                throw new StartFailure(call, errno);
            }
        }
    }

    private static int blocking(
            Lookup lookup, Object key, NativeMemory entry, NativeMemory strings, NativeMemory result) {
        try {
            return (int) VirtualThreads.blocking(
                    () -> lookup.call(entry.address, strings.address, strings.size(), result.address));
        } finally {
            Reference.reachabilityFence(key);
            Reference.reachabilityFence(entry);
            Reference.reachabilityFence(strings);
            Reference.reachabilityFence(result);
        }
    }

    private static long unsigned(int id) {
        return Integer.toUnsignedLong(id);
    }
}
