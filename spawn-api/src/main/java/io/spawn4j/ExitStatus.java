// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import org.jspecify.annotations.Nullable;

/**
 * How a child ended: it exited with a code, a signal killed it, or nobody can know any more. The three are different
 * types, so that exit code 137 is never taken for a SIGKILL:
 *
 * <pre>{@code
 * ExitStatus status = child.exitStatus();
 * if (status instanceof ExitStatus.Signaled killed) {
 *     log.warn("killed by {}", killed.signal());
 * }
 * }</pre>
 */
public sealed interface ExitStatus permits ExitStatus.Exited, ExitStatus.Signaled, ExitStatus.Unknown {

    /** What {@link #toExitValue()} says of an {@link Unknown} status: {@value}. No program can exit with it. */
    int UNKNOWN_EXIT_VALUE = -1;

    /**
     * This status in the convention of {@link Process#exitValue()}: the code, or 128 plus the signal's number, or
     * {@value #UNKNOWN_EXIT_VALUE}. It cannot tell an exit with 137 from a SIGKILL; the types can.
     *
     * @return the number
     */
    int toExitValue();

    /**
     * The program ended by itself.
     *
     * @param code what it gave to exit(3), 0 to 255
     */
    record Exited(int code) implements ExitStatus {
        @Override
        public int toExitValue() {
            return code;
        }

        // Here and below: those that the JDK makes for a record have it hold the record's class, and its loader, for
        // ever.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Exited exited && exited.code == code;
        }

        @Override
        public int hashCode() {
            return code;
        }

        @Override
        public String toString() {
            return "Exited[code=" + code + "]";
        }
    }

    /**
     * A signal killed the program.
     *
     * @param signal which one
     * @param coreDumped whether the kernel wrote a core dump
     */
    record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
        private static final int OFFSET = 128;

        @Override
        public int toExitValue() {
            return OFFSET + signal.number();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Signaled signaled && signaled.signal == signal && signaled.coreDumped == coreDumped;
        }

        @Override
        public int hashCode() {
            return 2 * signal.number() + (coreDumped ? 1 : 0);
        }

        @Override
        public String toString() {
            return "Signaled[signal=" + signal + ", coreDumped=" + coreDumped + "]";
        }
    }

    /**
     * The child has ended and its status is lost: something else in this JVM's process collected it, for example a
     * {@code waitpid(-1)} in a native library, and the kernel is older than Linux 6.15, which remembers it.
     *
     * @param why who or what took it, as far as it is known
     */
    record Unknown(String why) implements ExitStatus {
        @Override
        public int toExitValue() {
            return UNKNOWN_EXIT_VALUE;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Unknown unknown && unknown.why.equals(why);
        }

        @Override
        public int hashCode() {
            return why.hashCode();
        }

        @Override
        public String toString() {
            return "Unknown[why=" + why + "]";
        }
    }
}
