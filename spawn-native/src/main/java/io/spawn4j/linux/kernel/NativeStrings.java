// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.charset.Charset;

/** Java strings as the bytes that the kernel sees, in the encodings of ProcessBuilder and of java.io. */
public final class NativeStrings {
    /** UTF-8 is the default charset since then, and ProcessBuilder looks at the platform's instead. */
    private static final int UTF_8_BY_DEFAULT = 18;

    private static final Charset PATHS = platformCharset();

    /** Of arguments, variables and the working directory. */
    public static final Charset CHARSET =
            Runtime.version().feature() < UTF_8_BY_DEFAULT ? Charset.defaultCharset() : PATHS;

    private NativeStrings() {}

    private static Charset platformCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** For a child. */
    public static byte[] encode(String string) {
        return string.getBytes(CHARSET);
    }

    /** For a file that this process opens itself. */
    public static byte[] encodePath(String path) {
        return path.getBytes(PATHS);
    }
}
