// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mounted file system that never answers some requests, until told to; see hangfs.c for its files.
 *
 * <p>Needs {@link Ability#MOUNT}. Never read /proc of a process that is stuck in it.
 */
public final class HangFs extends ToolProcess {
    private final Path directory;

    private HangFs(Path directory) {
        super(TestTools.command("hangfs", "--watchdog", "120", directory.toString()));
        this.directory = directory;
    }

    /** Mounts it on a fresh directory. */
    public static HangFs mount() {
        try {
            HangFs mounted = new HangFs(Files.createTempDirectory("hangfs"));
            mounted.awaitLine("ready");
            return mounted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The path of one of its files: {@code exec}, {@code data}, {@code stuck}, {@code cwd}, {@code lost}, {@code fine}.
     */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * Waits until {@code count} requests like {@code READ exec} are left unanswered; the pid that made the last one.
     */
    public long awaitHeld(String operation, String file, int count) {
        return Long.parseLong(
                awaitLines("held " + operation + " " + file + " (\\d+)", count).group(1));
    }

    /** Answers what is held, and everything from now on. */
    public void release() {
        send("release");
        awaitLine("released");
    }

    /** Answers what is held with EIO, and from now on what would have hung. */
    public void fail() {
        send("fail");
        awaitLine("failing");
    }

    /** Ends it: what is still held ends with ENOTCONN. */
    @Override
    public void close() {
        super.close();
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
