// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/** Which {@code PATH} finds a program whose name has no slash. A name with a slash is looked up nowhere. */
public enum PathLookup {
    /** The one that this JVM had when it started, whatever the child's environment says; as ProcessBuilder does. */
    PARENT,
    /** The one in the child's environment; without a {@code PATH} there, {@code /bin:/usr/bin} as execvp(3) has it. */
    CHILD
}
