// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.PumpStreamHandler;
import org.apache.commons.exec.environment.EnvironmentUtils;

/** commons-exec as its manual shows it: threads of its own read the output into a stream, here one that drops it. */
final class CommonsExecStarter implements Prepared {
    private final Command command;

    CommonsExecStarter(Command command) {
        this.command = command;
    }

    @Override
    public void spawnAndWait() throws IOException {
        List<String> argv = command.argv();
        CommandLine line = new CommandLine(argv.get(0));
        line.addArguments(argv.subList(1, argv.size()).toArray(new String[0]), false);
        DefaultExecutor executor = DefaultExecutor.builder()
                .setExecuteStreamHandler(new PumpStreamHandler(OutputStream.nullOutputStream()))
                .get();
        if (command.variables().isEmpty()) {
            executor.execute(line);
        } else {
            Map<String, String> environment = EnvironmentUtils.getProcEnvironment();
            environment.putAll(command.variables());
            executor.execute(line, environment);
        }
    }

    @Override
    public Child start() {
        throw new UnsupportedOperationException("commons-exec runs whole commands");
    }
}
