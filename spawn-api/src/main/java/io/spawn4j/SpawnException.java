// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A child could not be started, and nothing is left of the attempt. Says at which {@linkplain #stage() stage} and with
 * which {@linkplain #errno() errno}, so that a bad working directory is not taken for a missing program. The message
 * opens with the JDK's words, {@code Cannot run program "x"}, wherever {@link ProcessBuilder}'s does.
 */
public class SpawnException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The step that failed. */
    private final SpawnStage stage;
    /** The kernel's number, or 0. */
    private final int errno;
    /** Its name, or empty. */
    private final String errnoName;

    /**
     * For the engines.
     *
     * @param message the whole message
     * @param stage where it failed
     * @param errno the kernel's number, or 0 where no system call failed
     * @param errnoName its name, for example {@code ENOENT}, or empty where errno is 0
     * @param cause what led to it, if anything did
     */
    public SpawnException(String message, SpawnStage stage, int errno, String errnoName, @Nullable Throwable cause) {
        super(message, cause);
        this.stage = Objects.requireNonNull(stage, "stage");
        this.errno = errno;
        this.errnoName = Objects.requireNonNull(errnoName, "errnoName");
    }

    /**
     * The step that failed.
     *
     * @return the stage
     */
    public final SpawnStage stage() {
        return stage;
    }

    /**
     * What the kernel answered.
     *
     * @return the number, or 0 where no system call failed
     */
    public final int errno() {
        return errno;
    }

    /**
     * The name of {@link #errno()}.
     *
     * @return for example {@code ENOENT}, or empty where no system call failed
     */
    public final String errnoName() {
        return errnoName;
    }
}
