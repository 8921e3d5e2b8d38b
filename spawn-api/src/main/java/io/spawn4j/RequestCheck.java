// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request must not contain. A NUL ends a C string: the kernel would silently run another command, or in another
 * directory, than the caller wrote. Exception types and opening words are {@link ProcessBuilder}'s.
 */
final class RequestCheck {
    private RequestCheck() {}

    static void command(String[] command) throws SpawnException {
        for (String element : command) {
            Objects.requireNonNull(element);
        }
        for (int index = 0; index < command.length; index++) {
            int at = command[index].indexOf('\0');
            if (at >= 0) {
                throw refused(
                        "invalid null character in command: element " + index + ", character " + at,
                        SpawnStage.REQUEST);
            }
        }
    }

    static void directory(String program, @Nullable File directory) throws SpawnException {
        int at = directory == null ? -1 : directory.getPath().indexOf('\0');
        if (at >= 0) {
            throw refused(
                    opening(program, directory) + "invalid null character in directory: character " + at,
                    SpawnStage.REQUEST);
        }
    }

    static void redirect(String program, @Nullable File directory, String stream, Redirect redirect)
            throws SpawnException {
        File file = redirect.file();
        int at = file == null ? -1 : file.getPath().indexOf('\0');
        if (at >= 0) {
            throw refused(
                    opening(program, directory) + "Invalid file path (" + stream + "): null character at " + at,
                    SpawnStage.REDIRECT);
        }
    }

    private static String opening(String program, @Nullable File directory) {
        return "Cannot run program \"" + program + "\""
                + (directory == null ? "" : " (in directory \"" + directory + "\")") + ": ";
    }

    private static SpawnException refused(String message, SpawnStage stage) {
        return new SpawnException(message, stage, 0, "", null);
    }
}
