// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** What the build compiled for this machine's architecture, out of the jar. */
final class Binaries {
    private Binaries() {}

    static byte[] read(String name) throws StartFailure {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String directory = machine.equals("amd64") ? "x86_64" : machine;
        try (InputStream resource = Binaries.class.getResourceAsStream(directory + "/" + name)) {
            if (resource == null) {
                throw new StartFailure("this build has no " + name + " for " + machine);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new StartFailure(name + " cannot be read from its jar: " + e.getMessage(), e);
        }
    }
}
