// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** What the build compiled for this machine's architecture, out of the jar. */
public final class Binaries {
    /** Where the build puts them: one directory for each architecture, named as uname(1) does. */
    private static final String DIRECTORY = "/io/spawn4j/linux/";

    private Binaries() {}

    /** This machine's architecture, as uname(1) and jffi name it. */
    static String machine() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return machine.equals("amd64") ? "x86_64" : machine;
    }

    public static byte[] read(String name) throws StartFailure {
        String machine = machine();
        try (InputStream resource = Binaries.class.getResourceAsStream(DIRECTORY + machine + "/" + name)) {
            if (resource == null) {
                throw new StartFailure("this build has no " + name + " for " + machine);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new StartFailure(name + " cannot be read from its jar: " + e.getMessage(), e);
        }
    }
}
