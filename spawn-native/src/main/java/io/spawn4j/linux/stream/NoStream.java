// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a Process gives for a stream that is no pipe: an empty input, an output that refuses every byte. */
final class NoStream {
    static final InputStream INPUT = new InputStream() {
        @Override
        public int read() {
            return -1;
        }

        @Override
        public int available() {
            return 0;
        }
    };

    static final OutputStream OUTPUT = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Stream closed");
        }
    };

    private NoStream() {}
}
