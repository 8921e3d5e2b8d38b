// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

/** What the three standard streams of a child are. */
public enum Streams {
    /** Three pipes to the one who starts it: a builder's default. */
    PIPES,
    /** /dev/null, opened anew for each of them. */
    NULL
}
