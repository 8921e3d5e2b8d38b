// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/** One thread of this JVM, or a process, that stands still until {@link #close()}. */
public final class Freeze extends ToolProcess {
    private Freeze(long thread) {
        super(TestTools.command("freeze", Long.toString(thread), "120"));
    }

    /** Freezes a thread by its id; returns when it stands. */
    public static Freeze thread(long thread) {
        TestTools.ok(TestTools.natives().allowPtrace());
        Freeze freeze = new Freeze(thread);
        freeze.awaitLine("frozen");
        return freeze;
    }
}
