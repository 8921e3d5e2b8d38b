// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

/** What the benchmarks start. */
public enum Program {
    /** A static program of some hundred bytes that does nothing but exit: what is measured is the start itself. */
    TINY("tiny static program"),
    /** {@code /bin/true}, dynamically linked: most of its time goes into the kernel's exec and the dynamic loader. */
    TRUE("/bin/true");

    private final String label;

    Program(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    String path() {
        return this == TRUE ? "/bin/true" : NativeFiles.tiny().toString();
    }
}
