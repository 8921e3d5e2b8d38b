// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.Closeable;
import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same in a JVM that has descriptors open. */
@State(Scope.Benchmark)
public class OpenDescriptorsBenchmark extends SpawnBenchmark {
    /** Which. */
    @Param({"FEW", "MANY", "MANY_CLOSE_ON_EXEC"})
    public OpenDescriptors descriptors = OpenDescriptors.NONE;

    private Closeable open = () -> {};

    /** Opens them once for the whole fork. */
    @Setup(Level.Trial)
    public void openDescriptors() throws IOException {
        open = descriptors.open();
    }

    /** Closes them. */
    @TearDown(Level.Trial)
    public void closeDescriptors() throws IOException {
        open.close();
    }
}
