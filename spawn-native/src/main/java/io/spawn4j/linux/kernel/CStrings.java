// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.ByteBuffer;
import java.util.List;

/** Writes NUL-terminated strings, and NULL-terminated arrays of pointers to them, into native memory. */
public final class CStrings {
    private final ByteBuffer bytes;
    private final long address;
    private int at;

    /** Writes from the start of the memory, which must be large enough. */
    public CStrings(NativeMemory memory) {
        bytes = memory.bytes;
        address = memory.address;
    }

    public static int arrayBytes(List<byte[]> strings) {
        int size = (strings.size() + 1) * Long.BYTES;
        for (byte[] string : strings) {
            size = Math.addExact(size, string.length + 1);
        }
        return align(size);
    }

    public static int align(int size) {
        return Math.addExact(size, Long.BYTES - 1) & -Long.BYTES;
    }

    /** The address that is written next. */
    public long here() {
        return address + at;
    }

    void skip(int size) {
        at = align(at + size);
    }

    public void putLong(long value) {
        bytes.putLong(at, value);
        at += Long.BYTES;
    }

    public void putInt(int value) {
        bytes.putInt(at, value);
        at += Integer.BYTES;
    }

    /** The address of the string. */
    public long putString(byte[] string) {
        long start = here();
        bytes.put(at, string);
        bytes.put(at + string.length, (byte) 0);
        at = align(at + string.length + 1);
        return start;
    }

    /** The address of the array of pointers; the strings follow it. */
    public long putArray(List<byte[]> strings) {
        long array = here();
        int pointer = at;
        at += (strings.size() + 1) * Long.BYTES;
        for (byte[] string : strings) {
            bytes.putLong(pointer, here());
            pointer += Long.BYTES;
            bytes.put(at, string);
            at += string.length;
            bytes.put(at++, (byte) 0);
        }
        bytes.putLong(pointer, 0);
        at = align(at);
        return array;
    }
}
