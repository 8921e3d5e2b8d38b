// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.zeroturnaround.exec.ProcessExecutor;

/** zt-exec as its manual shows it: threads of its own read the output and drop it. */
final class ZtExecStarter implements Prepared {
    private final Command command;

    ZtExecStarter(Command command) {
        this.command = command;
    }

    @Override
    public void spawnAndWait() throws IOException, InterruptedException {
        ProcessExecutor executor = new ProcessExecutor().command(command.argv()).exitValueNormal();
        if (!command.variables().isEmpty()) {
            executor.environment(command.variables());
        }
        try {
            executor.execute();
        } catch (TimeoutException e) {
            throw new IllegalStateException("zt-exec: a timeout that nobody set", e);
        }
    }

    @Override
    public Child start() {
        throw new UnsupportedOperationException("zt-exec runs whole commands");
    }
}
