// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import jnr.ffi.annotations.Out;

/**
 * What a badly behaved native library does inside a JVM: libspawn4j-test.so, whose lib.h says what each function is
 * for.
 *
 * <p>Every function returns a value or -errno. It lives in this package because the module opens no other to JNR.
 * Get it from {@link io.spawn4j.linux.support.TestTools#natives()}.
 */
public interface TestNative {
    int reaperStart();

    long reaperStop();

    long reaperStolen();

    int forkAndHold(int seconds);

    int forkHere(int code);

    int reap(int pid);

    int leakyStart();

    long leakyStop();

    int stormStart(String threadName, int microseconds);

    long stormCount();

    long stormStop();

    int threadId(String threadName);

    int thrashStart(int threads);

    long thrashStop();

    int openDescriptors();

    int descriptorFlags(int fd);

    int setCloexec(int fd, int on);

    int open(String path, int flags);

    int dupAbove(int fd, int lowest);

    int close(int fd);

    int pipe(@Out int[] ends);

    long pipeFill(int fd);

    long read(int fd, @Out byte[] buffer, long size);

    int raiseNofile(long soft);

    int isSameFile(int fd, int other);

    int sigaction(int signalNumber, int ignored);

    int disposition(int signalNumber);

    int blockThisThread(int signalNumber, int blocked);

    int kill(int pid, int signalNumber);

    int threadHere();

    long prlimit(int pid, int resource, long soft, long hard);

    long limit(int resource, int hard);

    int umask(int mask);

    int nice(int pidOrThread);

    int setNice(int thread, int value);

    int allowPtrace();

    int subreaper(int on);

    int canMount();

    int isSubreaper();

    /** A pidfd, or -errno. */
    int pidfdOpen(int pid);

    int seccompThisThread(String words);
}
