// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.util.List;
import java.util.stream.Stream;

/** Processes whose parent, a child of this JVM, is gone: children of this JVM where it is a subreaper or process 1. */
public final class Orphans {
    private Orphans() {}

    /** Makes orphans that exit at once; returns when they are orphans. */
    public static List<Long> make(int count) {
        return make(count, 0);
    }

    /** Makes orphans that exit after so many milliseconds; returns when they are orphans. */
    public static List<Long> make(int count, int millis) {
        String said = Command.run(TestTools.command("orphans", Integer.toString(count), Integer.toString(millis)))
                .orThrow();
        return Stream.of(said.strip().split(" ")).skip(1).map(Long::valueOf).toList();
    }
}
