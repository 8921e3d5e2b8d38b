// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFinderTest {
    @TempDir
    Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(root.resolve("b"));
        Files.writeString(root.resolve("c"), "c");
        Files.writeString(root.resolve("b/2"), "2");
        Files.writeString(root.resolve("b/1"), "1");
        Files.writeString(root.resolve("a"), "a");
    }

    @Test
    void filesComeInTheOrderOfTheirNames() throws IOException {
        assertThat(FileFinder.find(root, 10))
                .containsExactly(root.resolve("a"), root.resolve("b/1"), root.resolve("b/2"), root.resolve("c"));
    }

    @Test
    void noMoreThanWanted() throws IOException {
        assertThat(FileFinder.find(root, 2)).containsExactly(root.resolve("a"), root.resolve("b/1"));
    }

    @Test
    void linksAndLargeFilesAreLeftOut() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));
        Files.createSymbolicLink(root.resolve("linked-directory"), root.resolve("b"));
        Files.write(root.resolve("large"), new byte[(int) FileFinder.MAX_SIZE + 1]);
        Files.write(root.resolve("just-right"), new byte[(int) FileFinder.MAX_SIZE]);

        assertThat(FileFinder.find(root, 10))
                .contains(root.resolve("just-right"))
                .hasSize(5);
    }
}
