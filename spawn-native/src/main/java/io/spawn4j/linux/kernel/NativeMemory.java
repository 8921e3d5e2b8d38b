// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A direct buffer and its address. Freed with the last reference to it, so whoever hands the address out keeps one. */
public final class NativeMemory {
    public final ByteBuffer bytes;
    public final long address;

    public NativeMemory(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = MemoryIO.getCheckedInstance().getDirectBufferAddress(bytes);
    }

    // The checked one: the other brings up sun.misc.Unsafe, which a small run-time image may lack, for accesses that
    // nobody makes.
    static void initialize() {
        MemoryIO.getCheckedInstance();
    }

    /** Somebody else's memory, which must outlive every use of the buffer. */
    public static ByteBuffer at(long address, int size) {
        return MemoryIO.getCheckedInstance().newDirectByteBuffer(address, size).order(ByteOrder.nativeOrder());
    }

    /** The text at this address up to its NUL, or so many bytes of it. */
    static String stringAt(long address, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < most; i++) {
            // A byte at a time: what follows the NUL may not be there.
            byte next = at(address + i, 1).get(0);
            if (next == 0) {
                break;
            }
            text.append((char) (next & 0xff));
        }
        return text.toString();
    }

    /** A copy of the bytes with a NUL behind them. */
    public static NativeMemory cString(byte[] string) {
        NativeMemory memory = new NativeMemory(string.length + 1);
        memory.bytes.put(0, string);
        return memory;
    }

    /** Zeros from the start on, {@code count} a multiple of 8. */
    void clear(int count) {
        for (int i = 0; i < count; i += Long.BYTES) {
            bytes.putLong(i, 0);
        }
    }

    public int size() {
        return bytes.capacity();
    }
}
