// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** {@link CoreLibrary} in the loaded {@code libspawn4j.so}: a line for each of its functions. */
final class BoundCore implements CoreLibrary {
    private final CFunction close;
    private final CFunction read;
    private final CFunction write;
    private final CFunction open;
    private final CFunction isOpen;
    private final CFunction setBlocking;
    private final CFunction available;
    private final CFunction poll;
    private final CFunction pollUnlessWoken;
    private final CFunction epollCreate;
    private final CFunction epollArm;
    private final CFunction epollAdd;
    private final CFunction epollRemove;
    private final CFunction epollWait;
    private final CFunction eventfd;
    private final CFunction wake;
    private final CFunction reap;
    private final CFunction awaitPid;
    private final CFunction reapPid;
    private final CFunction peekPid;
    private final CFunction pidfdOpen;
    private final CFunction isSubreaper;
    private final CFunction statusAfterReap;
    private final CFunction pidfdSignal;
    private final CFunction kill;
    private final CFunction restoreSigchld;
    private final CFunction abiVersion;
    private final CFunction layout;
    private final CFunction map;
    private final CFunction unmap;
    private final CFunction seccompMode;
    private final CFunction probeDisposable;
    private final CFunction spawnerStart;
    private final CFunction spawnerAwait;
    private final CFunction spawnerLeave;
    private final CFunction slotNew;
    private final CFunction slotAwait;
    private final CFunction slotRelease;
    private final CFunction slotFree;
    private final CFunction slotReap;
    private final CFunction spawn;
    private final CFunction spawnWait;
    private final CFunction spawnCollect;
    private final CFunction spawnCancel;
    private final CFunction receive;
    private final CFunction takeBackFiles;

    BoundCore(CLibrary library) throws StartFailure {
        close = library.function("s4j_close");
        read = library.function("s4j_read");
        write = library.function("s4j_write");
        open = library.function("s4j_open");
        isOpen = library.function("s4j_is_open");
        setBlocking = library.function("s4j_set_blocking");
        available = library.function("s4j_available");
        poll = library.function("s4j_poll");
        pollUnlessWoken = library.function("s4j_poll_unless_woken");
        epollCreate = library.function("s4j_epoll_create");
        epollArm = library.function("s4j_epoll_arm");
        epollAdd = library.function("s4j_epoll_add");
        epollRemove = library.function("s4j_epoll_remove");
        epollWait = library.function("s4j_epoll_wait");
        eventfd = library.function("s4j_eventfd");
        wake = library.function("s4j_wake");
        reap = library.function("s4j_reap");
        awaitPid = library.function("s4j_await_pid");
        reapPid = library.function("s4j_reap_pid");
        peekPid = library.function("s4j_peek_pid");
        pidfdOpen = library.function("s4j_pidfd_open");
        isSubreaper = library.function("s4j_is_subreaper");
        statusAfterReap = library.function("s4j_status_after_reap");
        pidfdSignal = library.function("s4j_pidfd_signal");
        kill = library.function("s4j_kill");
        restoreSigchld = library.function("s4j_restore_sigchld");
        abiVersion = library.function("s4j_abi_version");
        layout = library.function("s4j_layout");
        map = library.function("s4j_map");
        unmap = library.function("s4j_unmap");
        seccompMode = library.function("s4j_seccomp_mode");
        probeDisposable = library.function("s4j_probe_disposable");
        spawnerStart = library.function("s4j_spawner_start");
        spawnerAwait = library.function("s4j_spawner_await");
        spawnerLeave = library.function("s4j_spawner_leave");
        slotNew = library.function("s4j_slot_new");
        slotAwait = library.function("s4j_slot_await");
        slotRelease = library.function("s4j_slot_release");
        slotFree = library.function("s4j_slot_free");
        slotReap = library.function("s4j_slot_reap");
        spawn = library.function("s4j_spawn");
        spawnWait = library.function("s4j_spawn_wait");
        spawnCollect = library.function("s4j_spawn_collect");
        spawnCancel = library.function("s4j_spawn_cancel");
        receive = library.function("s4j_receive");
        takeBackFiles = library.function("s4j_take_back_files");
    }

    @Override
    public long close(int fd) {
        return close.call(fd);
    }

    @Override
    public long read(int fd, long address, long bytes) {
        return read.call(fd, address, bytes);
    }

    @Override
    public long write(int fd, long address, long bytes) {
        return write.call(fd, address, bytes);
    }

    @Override
    public long open(long path, int flags, int mode) {
        return open.call(path, flags, mode);
    }

    @Override
    public long isOpen(int fd) {
        return isOpen.call(fd);
    }

    @Override
    public long setBlocking(int fd) {
        return setBlocking.call(fd);
    }

    @Override
    public long available(int fd) {
        return available.call(fd);
    }

    @Override
    public long poll(int fd, int events, int millis) {
        return poll.call(fd, events, millis);
    }

    @Override
    public long pollUnlessWoken(int fd, int eventfd, int millis) {
        return pollUnlessWoken.call(fd, eventfd, millis);
    }

    @Override
    public long epollCreate() {
        return epollCreate.call();
    }

    @Override
    public long epollArm(int epoll, int fd, int events, long token) {
        return epollArm.call(epoll, fd, events, token);
    }

    @Override
    public long epollAdd(int epoll, int fd, int events, long token) {
        return epollAdd.call(epoll, fd, events, token);
    }

    @Override
    public long epollRemove(int epoll, int fd) {
        return epollRemove.call(epoll, fd);
    }

    @Override
    public long epollWait(int epoll, long address, int capacity, int millis) {
        return epollWait.call(epoll, address, capacity, millis);
    }

    @Override
    public long eventfd() {
        return eventfd.call();
    }

    @Override
    public long wake(int eventfd) {
        return wake.call(eventfd);
    }

    @Override
    public long reap(int pidfd, long exitRecord) {
        return reap.call(pidfd, exitRecord);
    }

    @Override
    public long awaitPid(int pid) {
        return awaitPid.call(pid);
    }

    @Override
    public long reapPid(int pid, long exitRecord) {
        return reapPid.call(pid, exitRecord);
    }

    @Override
    public long peekPid(int pid) {
        return peekPid.call(pid);
    }

    @Override
    public long pidfdOpen(int pid) {
        return pidfdOpen.call(pid);
    }

    @Override
    public long isSubreaper() {
        return isSubreaper.call();
    }

    @Override
    public long statusAfterReap(int pidfd) {
        return statusAfterReap.call(pidfd);
    }

    @Override
    public long pidfdSignal(int pidfd, int signal) {
        return pidfdSignal.call(pidfd, signal);
    }

    @Override
    public long kill(int pid, int signal) {
        return kill.call(pid, signal);
    }

    @Override
    public long restoreSigchld() {
        return restoreSigchld.call();
    }

    @Override
    public int abiVersion() {
        return (int) abiVersion.call();
    }

    @Override
    public int layout(String name) {
        NativeMemory string = NativeMemory.cString(name.getBytes(StandardCharsets.US_ASCII));
        try {
            return (int) layout.call(string.address);
        } finally {
            Reference.reachabilityFence(string);
        }
    }

    @Override
    public long map(long bytes) {
        return map.call(bytes);
    }

    @Override
    public long unmap(long address, long bytes) {
        return unmap.call(address, bytes);
    }

    @Override
    public long seccompMode() {
        return seccompMode.call();
    }

    @Override
    public long probeDisposable() {
        return probeDisposable.call();
    }

    @Override
    public long spawnerStart(long spawner, int avoid) {
        return spawnerStart.call(spawner, avoid);
    }

    @Override
    public long spawnerAwait(long spawner, long nanos) {
        return spawnerAwait.call(spawner, nanos);
    }

    @Override
    public void spawnerLeave(long spawner) {
        spawnerLeave.call(spawner);
    }

    @Override
    public long slotNew(long spawner) {
        return slotNew.call(spawner);
    }

    @Override
    public long slotAwait(long slot, long nanos) {
        return slotAwait.call(slot, nanos);
    }

    @Override
    public void slotRelease(long slot) {
        slotRelease.call(slot);
    }

    @Override
    public void slotFree(long slot) {
        slotFree.call(slot);
    }

    @Override
    public void slotReap(long slot) {
        slotReap.call(slot);
    }

    @Override
    public long spawn(long slot, long nanos) {
        return spawn.call(slot, nanos);
    }

    @Override
    public long spawnWait(long slot, long nanos) {
        return spawnWait.call(slot, nanos);
    }

    @Override
    public long spawnCollect(long slot) {
        return spawnCollect.call(slot);
    }

    @Override
    public long spawnCancel(long slot) {
        return spawnCancel.call(slot);
    }

    @Override
    public long receive(int socket, long address, long bytes) {
        return receive.call(socket, address, bytes);
    }

    @Override
    public void takeBackFiles(long slot) {
        takeBackFiles.call(slot);
    }
}
