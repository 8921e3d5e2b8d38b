// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

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

    /** The same for each: a new list, which the caller may change. */
    public static List<byte[]> encode(List<String> strings) {
        List<byte[]> encoded = new ArrayList<>(strings.size());
        for (String string : strings) {
            encoded.add(encode(string));
        }
        return encoded;
    }

    /** For a file that this process opens itself. */
    public static byte[] encodePath(String path) {
        return path.getBytes(PATHS);
    }
}
