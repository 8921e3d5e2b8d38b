// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.stream.Stream;

/** The JDK, by the mechanism that this JVM was started for. */
final class ProcessBuilderStarter extends ProcessStarter {
    private final List<String> argv;

    /** @param wrapper the command line in front of the command's */
    ProcessBuilderStarter(List<String> wrapper, Command command) {
        super(command);
        this.argv = Stream.concat(wrapper.stream(), command.argv().stream()).toList();
    }

    @Override
    Process process() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv);
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
        return "ProcessBuilder, " + argv;
    }
}
