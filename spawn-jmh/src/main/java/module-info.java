// SPDX-License-Identifier: Apache-2.0
/** The benchmarks of spawn4j; never published, and run from one jar on the class path. */
@SuppressWarnings("module") // the project's name ends in a digit
module io.spawn4j.jmh {
    requires VectorGraphics2D;
    requires com.zaxxer.nuprocess;
    requires io.spawn4j;
    requires java.desktop;
    requires java.management;
    requires jdk.jfr;
    requires jmh.core;
    requires HdrHistogram;
    requires org.apache.commons.exec;
    requires org.jnrproject.ffi;
    requires org.knowm.xchart;
    requires org.slf4j;
    requires zt.exec;
    requires static org.jspecify;

    // JNR implements binding interfaces, and JMH subclasses benchmarks, at run time.
    opens io.spawn4j.jmh.benchmark;
    opens io.spawn4j.jmh.contender;
}
