// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.File;
import java.io.IOException;

/** For those that give a {@link Process}: spawn4j and the JDK. */
abstract class ProcessStarter implements Prepared {
    static final File DEV_NULL = new File("/dev/null");

    final Command command;

    ProcessStarter(Command command) {
        this.command = command;
    }

    /** Starts the command with a builder of its own. */
    abstract Process process() throws IOException;

    @Override
    public final void spawnAndWait() throws IOException, InterruptedException {
        Process process = process();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(this + ": the child ended with " + code);
        }
        if (command.streams() == Streams.PIPES) {
            ProcessChild.closeStreams(process);
        }
    }

    @Override
    public final Child start() throws IOException {
        return new ProcessChild(process());
    }
}
