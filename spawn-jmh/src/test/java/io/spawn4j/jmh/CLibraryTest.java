// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CLibraryTest {
    private final CLibrary library = CLibrary.instance();

    @ParameterizedTest
    @EnumSource(Program.class)
    void everyProgramRunsWithAndWithoutPipesAndLeavesNoDescriptor(Program program) {
        library.spawnAndWait(program, true);
        int before = openDescriptors();

        for (int i = 0; i < 20; i++) {
            library.spawnAndWait(program, true);
            library.spawnAndWait(program, false);
        }

        assertThat(openDescriptors()).isLessThan(before + 20);
    }

    @Test
    void loopTakesTime() {
        assertThat(library.spawnLoopNanos(Program.TINY, true, 10)).isPositive();
    }

    @Test
    void reapedChildrenCount() {
        long before = library.childrenCpuNanos();

        library.spawnLoopNanos(Program.TRUE, true, 20);

        assertThat(library.childrenCpuNanos()).isGreaterThan(before);
        assertThat(library.ownCpuNanos()).isPositive();
    }

    @Test
    void descriptorsAreOpenedAndClosed() {
        int before = openDescriptors();

        int[] fds = library.openDescriptors(500);
        int between = openDescriptors();
        library.closeDescriptors(fds);

        assertThat(fds).doesNotHaveDuplicates();
        assertThat(between).isGreaterThanOrEqualTo(before + 480);
        assertThat(openDescriptors()).isLessThan(between - 480);
    }

    @Test
    void failureCarriesItsErrno() {
        int noFile = 24;

        assertThatThrownBy(() -> library.openDescriptors(10_000_000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the C library's open of /dev/null failed: errno " + noFile);
    }

    private static int openDescriptors() {
        String[] entries = new File("/proc/self/fd").list();
        assertThat(entries).isNotNull();
        return entries.length;
    }
}
