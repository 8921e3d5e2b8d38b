// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import io.spawn4j.SpawnBuilder;
import java.io.IOException;

/** The two libraries side by side: the calls are the same. */
enum Starter {
    SPAWN4J("spawn4j") {
        @Override
        Process start(String... command) throws IOException {
            return new SpawnBuilder(command).redirectErrorStream(true).start();
        }
    },
    PROCESS_BUILDER("ProcessBuilder") {
        @Override
        Process start(String... command) throws IOException {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }
    };

    private final String label;

    Starter(String label) {
        this.label = label;
    }

    /** Starts the command with pipes to its standard streams, its errors in its output. */
    abstract Process start(String... command) throws IOException;

    @Override
    public String toString() {
        return label;
    }
}
