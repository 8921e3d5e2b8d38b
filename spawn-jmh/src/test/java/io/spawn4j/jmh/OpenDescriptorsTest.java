// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OpenDescriptorsTest {
    private static final int O_CLOEXEC = 02000000;

    // The JVM opens files of its own meanwhile: counts are compared with some room.
    @Test
    void manyAreOpenUntilTheyAreClosed() throws Exception {
        int before = count();
        int during;
        try (Closeable open = OpenDescriptors.MANY.open()) {
            assertThat(open).isNotNull();
            during = count();
        }

        assertThat(during).isBetween(before + 14_990, before + 15_010);
        assertThat(count()).isLessThan(before + 100);
    }

    @Test
    void onlyTheCloseOnExecOnesAreSo() throws Exception {
        int before = closeOnExec();
        try (Closeable open = OpenDescriptors.MANY.open()) {
            assertThat(open).isNotNull();
            assertThat(closeOnExec()).isLessThan(before + 10);
        }
        try (Closeable open = OpenDescriptors.MANY_CLOSE_ON_EXEC.open()) {
            assertThat(open).isNotNull();
            assertThat(closeOnExec()).isGreaterThan(before + 14_990);
        }
    }

    private static int count() {
        return names().length;
    }

    private static int closeOnExec() throws Exception {
        int count = 0;
        for (String name : names()) {
            Path info = Path.of("/proc/self/fdinfo", name);
            if (Files.exists(info) && Files.readString(info).lines().anyMatch(OpenDescriptorsTest::isCloseOnExec)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isCloseOnExec(String line) {
        return line.startsWith("flags:")
                && (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0;
    }

    private static String[] names() {
        String[] names = new File("/proc/self/fd").list();
        assertThat(names).isNotNull();
        return names;
    }
}
