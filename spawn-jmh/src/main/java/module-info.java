// SPDX-License-Identifier: Apache-2.0
/** The benchmarks of spawn4j; never published, and run from one jar on the class path. */
@SuppressWarnings("module") // the project's name ends in a digit
module io.spawn4j.jmh {
    requires VectorGraphics2D;
    requires io.spawn4j;
    requires java.desktop;
    requires jmh.core;
    requires org.jnrproject.ffi;
    requires org.knowm.xchart;
    requires org.slf4j;
    requires static org.jspecify;

    // JNR implements binding interfaces, and JMH subclasses benchmarks, at run time.
    opens io.spawn4j.jmh;
}
