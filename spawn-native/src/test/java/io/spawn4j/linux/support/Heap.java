// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/** What lives in this JVM's heap. */
public final class Heap {
    private Heap() {}

    /** The bytes in use after a collection. */
    public static long used() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
