// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/**
 * The C core, {@code libspawn4j.so}. Java's {@code slotNew} is C's {@code s4j_slot_new}; docs/native-abi.md describes
 * each.
 */
public interface CoreLibrary extends Kernel {
    int abiVersion();

    /** The offset of "struct.field", the size of "struct", or -1. */
    int layout(String name);

    long map(long bytes);

    long unmap(long address, long bytes);

    long seccompMode();

    /** Tries in throw-away processes what a seccomp filter might kill for; bits of calls to avoid. */
    long probeDisposable();

    long spawnerStart(long spawner, int avoid);

    /** 1: ready. 0: not yet. -errno: it could not be set up. */
    long spawnerAwait(long spawner, long nanos);

    /** Asks a spawner without slots to end; it is joined then. */
    void spawnerLeave(long spawner);

    /** The address of a new slot, whose adoption by the spawner is to be awaited. */
    long slotNew(long spawner);

    long slotAwait(long slot, long nanos);

    void slotRelease(long slot);

    void slotFree(long slot);

    void slotReap(long slot);

    long spawn(long slot, long nanos);

    long spawnWait(long slot, long nanos);

    long spawnCollect(long slot);

    long spawnCancel(long slot);

    /**
     * Takes a datagram, and behind its bytes writes the number of the descriptor that came with it, or -1 (4 bytes).
     * Returns the bytes of the datagram, 0 at a hang-up, or -errno.
     */
    long receive(int socket, long address, long bytes);

    /** Closes the files of a request that no child received. */
    void takeBackFiles(long slot);
}
