// SPDX-License-Identifier: Apache-2.0
/** The Linux engines of spawn4j. */
@SuppressWarnings("module") // the project's name ends in a digit
module io.spawn4j.linux {
    requires io.spawn4j;
    requires org.jnrproject.jffi;
    requires org.slf4j;
    requires static org.jspecify;

    provides io.spawn4j.spi.SpawnProvider with
            io.spawn4j.linux.NativeProvider,
            io.spawn4j.linux.PosixSpawnProvider;
}
