// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A direct buffer and its address. Freed with the last reference to it, so whoever hands the address out keeps one. */
final class NativeMemory {
    final ByteBuffer bytes;
    final long address;

    NativeMemory(int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = Pointer.wrap(Runtime.getSystemRuntime(), bytes).address();
    }

    /** A copy of the bytes with a NUL behind them. */
    static NativeMemory cString(byte[] string) {
        NativeMemory memory = new NativeMemory(string.length + 1);
        memory.bytes.put(0, string);
        return memory;
    }

    int size() {
        return bytes.capacity();
    }
}
