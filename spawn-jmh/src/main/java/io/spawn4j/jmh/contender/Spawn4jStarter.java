// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** spawn4j, by the engine that this JVM was started for. */
final class Spawn4jStarter extends ProcessStarter {
    private final SpawnPolicy policy;

    Spawn4jStarter(Command command, SpawnPolicy policy) {
        super(command);
        this.policy = policy;
    }

    @Override
    Process process() throws IOException {
        SpawnBuilder builder = new SpawnBuilder(command.argv()).policy(policy);
        if (!command.variables().isEmpty()) {
            builder.environment().putAll(command.variables());
        }
        if (command.streams() == Streams.NULL) {
            builder.redirectInput(DEV_NULL).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        }
        return builder.start();
    }

    @Override
    public String toString() {
        return "spawn4j, " + policy;
    }
}
