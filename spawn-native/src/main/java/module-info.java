// SPDX-License-Identifier: Apache-2.0
/** The Linux engines of spawn4j. */
@SuppressWarnings("module") // the project's name ends in a digit
module io.spawn4j.linux {
    requires io.spawn4j;
    requires org.jnrproject.constants;
    requires org.jnrproject.ffi;
    requires org.jnrproject.posix;
    requires org.slf4j;
    requires static org.jspecify;

    // JNR implements the binding interfaces at run time, in a module of its own.
    opens io.spawn4j.linux.kernel;

    provides io.spawn4j.spi.SpawnProvider with
            io.spawn4j.linux.NativeProvider,
            io.spawn4j.linux.PosixSpawnProvider;
}
