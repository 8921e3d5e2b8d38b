// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where the engines log. SLF4J is not touched, not even loaded, before there is something to say: without a provider it
 * prints three lines on stderr when it is, into the output of every small tool.
 */
public final class Log {
    private Log() {}

    public static void warn(Class<?> source, String message, @Nullable Object... arguments) {
        LoggerFactory.getLogger(source).warn(message, arguments);
    }

    public static void error(Class<?> source, String message, Throwable cause) {
        LoggerFactory.getLogger(source).error(message, cause);
    }
}
