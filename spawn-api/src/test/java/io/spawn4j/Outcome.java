// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.concurrent.Callable;

/** What a call came to, to compare ours with the JDK's: a result's text, or an exception's type and message. */
record Outcome(String result, Class<?> thrown, String message) {

    static Outcome of(Callable<?> call) {
        try {
            return new Outcome(String.valueOf(call.call()), null, null);
        } catch (Exception thrown) {
            return new Outcome(null, thrown.getClass(), thrown.getMessage());
        }
    }

    /** Without the message, where the JVM words it after its own source. */
    Outcome typeOnly() {
        return new Outcome(result, thrown, null);
    }
}
