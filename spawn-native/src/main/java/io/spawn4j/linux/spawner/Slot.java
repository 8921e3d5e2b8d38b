// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.NativeMemory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Java's view of one {@code struct s4j_slot}: a request in flight, its memory, its sockets and its child's stack.
 *
 * <p>Owned by one caller between {@link Spawner#take} and {@link Spawner#giveBack}. It must not be given back while its
 * child still runs in it ({@link #isBusy}).
 */
final class Slot {
    static final int STATE_QUEUED = 1;
    static final int STATE_TAKEN = 2;
    static final int STATE_CLONED = 3;
    static final int STATE_CANCELLED = 5;
    static final int STATE_DROPPED = 6;
    private static final int STATE_MASK = 0xff;

    /** Indexes of the descriptors that a spawn returns. */
    private static final int PIDFD = 0;

    private static final int STDIN = 1;
    private static final int STDOUT = 2;
    private static final int STDERR = 3;
    private static final int HELPER = 4;

    private static final int DATA_BYTES = 16 * 1024;
    private static final int KEPT_DATA_BYTES = 256 * 1024;

    final long address;
    final Layout layout;
    final ByteBuffer fields;
    private NativeMemory data = new NativeMemory(DATA_BYTES);

    /** What the request points to besides {@link #data}; kept reachable while the child may read it. */
    @Nullable
    Object keptAlive;

    Slot(long address, Layout layout) {
        this.address = address;
        this.layout = layout;
        this.fields = NativeMemory.at(address, layout.slotBytes);
    }

    /** Memory for the request's strings and arrays, at least this large. */
    NativeMemory data(int bytes) {
        if (data.size() < bytes) {
            data = new NativeMemory(bytes);
        }
        return data;
    }

    /** Lets go of what an unusually large request needed. */
    void trim() {
        keptAlive = null;
        if (data.size() > KEPT_DATA_BYTES) {
            data = new NativeMemory(DATA_BYTES);
        }
    }

    /** Whether a child still runs in this memory. */
    boolean isBusy() {
        return fields.getInt(layout.busy) != 0;
    }

    int state() {
        return fields.getInt(layout.state) & STATE_MASK;
    }

    private int pid() {
        return fields.getInt(layout.pid);
    }

    int stage() {
        return fields.getInt(layout.stage);
    }

    /** The errno that the child left, or 0. */
    int error() {
        return fields.getInt(layout.error);
    }

    private int descriptor(int index) {
        return fields.getInt(layout.descriptors + index * Integer.BYTES);
    }

    /** The child that was started in it, with the descriptors of the reply; the caller's. */
    Launched launched() {
        return new Launched(
                pid(),
                descriptor(PIDFD),
                descriptor(STDIN),
                descriptor(STDOUT),
                descriptor(STDERR),
                descriptor(HELPER),
                null);
    }

    boolean hasFiles() {
        return fields.getInt(layout.fileCount) > 0;
    }
}
