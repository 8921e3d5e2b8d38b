// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A direct buffer and its address. Freed with the last reference to it, so whoever hands the address out keeps one. */
public final class NativeMemory {
    public final ByteBuffer bytes;
    public final long address;

    public NativeMemory(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = Pointer.wrap(Runtime.getSystemRuntime(), bytes).address();
    }

    /** A copy of the bytes with a NUL behind them. */
    public static NativeMemory cString(byte[] string) {
        NativeMemory memory = new NativeMemory(string.length + 1);
        memory.bytes.put(0, string);
        return memory;
    }

    public int size() {
        return bytes.capacity();
    }
}
