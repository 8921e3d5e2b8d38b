// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import java.nio.charset.Charset;

/** Java strings as the bytes that the kernel sees, in the platform's encoding, as the JDK encodes paths and arguments. */
final class NativeStrings {
    static final Charset CHARSET = platformCharset();

    private NativeStrings() {}

    private static Charset platformCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    static byte[] encode(String string) {
        return string.getBytes(CHARSET);
    }
}
