// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file's SHA-256 digest: as Java computes it, and as a child does. */
final class Checksum {
    // The names that come back are bytes of the JVM's own locale, as the arguments were.
    private static final Charset NATIVE = Charset.forName(System.getProperty("native.encoding", "UTF-8"));

    private Checksum() {}

    static String inJava(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @throws IOException if the child cannot be started, fails, or answers for something else */
    static String inChild(Starter starter, Path file) throws IOException, InterruptedException {
        Process child = starter.start("sha256sum", "--", file.toString());
        child.getOutputStream().close();
        String output;
        try (InputStream in = child.getInputStream()) {
            output = new String(in.readAllBytes(), NATIVE);
        }
        int code = child.waitFor();
        if (code != 0) {
            throw new IOException("sha256sum of " + file + ", started by " + starter + ", ended with " + code + ": "
                    + output.strip());
        }
        Sha256Line line = Sha256Line.parse(output);
        if (!line.name().equals(file.toString())) {
            throw new IOException("asked about " + file + ", sha256sum answered about " + line.name());
        }
        return line.digest();
    }
}
