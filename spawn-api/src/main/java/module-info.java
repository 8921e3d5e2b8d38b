// SPDX-License-Identifier: Apache-2.0
/**
 * Starts programs as {@link java.lang.ProcessBuilder} does, under an explicit policy.
 *
 * <p>{@link io.spawn4j.SpawnBuilder} is where to begin. The engine comes from a provider, such as the module
 * {@code io.spawn4j.linux} of the artifact {@code spawn-native}, found by {@link java.util.ServiceLoader}.
 */
@SuppressWarnings("module") // the project's name ends in a digit
module io.spawn4j {
    requires org.slf4j;
    requires static org.jspecify;

    exports io.spawn4j;
    exports io.spawn4j.spi;

    uses io.spawn4j.spi.SpawnProvider;
}
