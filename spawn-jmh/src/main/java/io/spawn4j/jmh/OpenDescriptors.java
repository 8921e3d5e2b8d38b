// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The descriptors that are open in the JVM beside its own. All of them are /dev/null. */
public enum OpenDescriptors {
    /** None. */
    NONE(0, ""),
    /** 20, opened by Java. */
    FEW(20, "fd20"),
    /** 15,000, opened by Java: a server with its connections. Java's files and sockets are not close-on-exec. */
    MANY(15_000, "fd15000"),
    /** 15,000 that are close-on-exec, as a careful native library's are. */
    MANY_CLOSE_ON_EXEC(15_000, "fd15000cloexec");

    private final int count;
    private final String id;

    OpenDescriptors(int count, String id) {
        this.count = count;
        this.id = id;
    }

    String id() {
        return id;
    }

    String label() {
        return String.format(
                Locale.ROOT, "%,d open %sdescriptors", count, this == MANY_CLOSE_ON_EXEC ? "close-on-exec " : "");
    }

    /** Opens them; what is returned closes them. */
    Closeable open() throws IOException {
        if (this == MANY_CLOSE_ON_EXEC) {
            int[] fds = CLibrary.instance().openDescriptors(count);
            return () -> CLibrary.instance().closeDescriptors(fds);
        }
        List<FileInputStream> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(new FileInputStream("/dev/null"));
        }
        return () -> {
            for (FileInputStream file : files) {
                file.close();
            }
        };
    }
}
