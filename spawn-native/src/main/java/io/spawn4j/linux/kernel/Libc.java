// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The host's libc, as far as loading the core and the posix_spawn engine need it. Failure is -1 and {@link #errno}, except for
 * the posix_spawn family, which returns the errno.
 *
 * <p>Public because JNR generates its implementation outside this module; nothing exports it.
 */
public interface Libc {
    /** The libc of this process. */
    static Libc get() {
        return Holder.LIBC;
    }

    /** The errno of the calling thread's last failed call. */
    static int errno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }

    /** Binds at first use. */
    final class Holder {
        private static final Libc LIBC = LibraryLoader.create(Libc.class)
                .mapper((name, context) -> Symbols.cName(name))
                .load("c");

        private Holder() {}
    }

    /** The libc's own since glibc 2.34. */
    int pthreadJoin(long thread, long result);

    int memfdCreate(String name, int flags);

    // Each of these returns an errno, and 0 with a null result where nothing was found.

    int getpwnamR(long name, long entry, long buffer, long bytes, long result);

    int getpwuidR(int uid, long entry, long buffer, long bytes, long result);

    int getgrnamR(long name, long entry, long buffer, long bytes, long result);

    /** The number of groups, or -1 where they do not fit; {@code count} is set in either case. */
    int getgrouplist(long user, int gid, long groups, long count);

    int close(int fd);

    long read(int fd, long address, long bytes);

    long write(int fd, long address, long bytes);

    int open(long path, int flags, int mode);

    int fcntl(int fd, int command, int argument);

    int ioctl(int fd, long request, long argument);

    int pipe2(long pair, int flags);

    int poll(long descriptors, long count, int millis);

    int epollCreate1(int flags);

    int epollCtl(int epoll, int operation, int fd, long event);

    int epollWait(int epoll, long events, int capacity, int millis);

    int eventfd(int initial, int flags);

    int kill(int pid, int signal);

    int waitid(int type, int id, long info, int options);

    int sigaction(int signal, long action, long before);

    int prctl(int option, long a, long b, long c, long d);

    // JNR's stubs for six integers that also keep errno pass a wrong sixth one (jnr-ffi 2.3.4, x86-64): no
    // errno is asked of the one, and the sixth of the other is no integer to JNR.

    long syscall(long number, long a, long b, long c, long d, @Nullable Pointer e);

    int posixSpawn(long pid, long path, long fileActions, long attributes, long argv, Pointer envp);

    int posixSpawnFileActionsInit(long fileActions);

    int posixSpawnFileActionsDestroy(long fileActions);

    int posixSpawnFileActionsAdddup2(long fileActions, int from, int to);

    int posixSpawnFileActionsAddclose(long fileActions, int fd);

    /** glibc 2.29, musl 1.1.24. */
    int posixSpawnFileActionsAddchdirNp(long fileActions, long path);

    /** glibc 2.34. */
    int posixSpawnFileActionsAddclosefromNp(long fileActions, int first);

    int posixSpawnattrInit(long attributes);

    int posixSpawnattrDestroy(long attributes);

    int posixSpawnattrSetflags(long attributes, short flags);

    int posixSpawnattrSetsigmask(long attributes, long set);

    int posixSpawnattrSetsigdefault(long attributes, long set);

    int posixSpawnattrSetpgroup(long attributes, int group);
}
