// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.CLibrary;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that are open in the JVM beside its own. All of them are /dev/null. */
final class OpenFiles implements Closeable {
    private final List<Closeable> open = new ArrayList<>();

    /** Opens {@code count} more, natively where they are to be close-on-exec, and as Java does it otherwise. */
    void open(int count, boolean closeOnExec) throws IOException {
        if (closeOnExec) {
            int[] fds = CLibrary.instance().openDescriptors(count);
            open.add(() -> CLibrary.instance().closeDescriptors(fds));
            return;
        }
        for (int i = 0; i < count; i++) {
            open.add(new FileInputStream("/dev/null"));
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable file : open) {
            file.close();
        }
        open.clear();
    }
}
