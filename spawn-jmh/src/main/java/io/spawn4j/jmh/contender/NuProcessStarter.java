// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** NuProcess: posix_spawn through JNA, and event threads that read the pipes and reap. */
final class NuProcessStarter implements Prepared {
    private final Command command;

    NuProcessStarter(Command command) {
        this.command = command;
    }

    @Override
    public void spawnAndWait() throws IOException, InterruptedException {
        int code = waitFor(process(new IgnoringHandler()));
        if (code != 0) {
            throw new IllegalStateException("NuProcess: the child ended with " + code);
        }
    }

    @Override
    public Child start() throws IOException {
        TellingHandler handler = new TellingHandler();
        return new NuChild(process(handler), handler);
    }

    private NuProcess process(NuAbstractProcessHandler handler) throws IOException {
        NuProcessBuilder builder = new NuProcessBuilder(handler, command.argv());
        if (!command.variables().isEmpty()) {
            builder.environment().putAll(command.variables());
        }
        @Nullable NuProcess process = builder.start();
        if (process == null) {
            throw new IOException("NuProcess could not start " + command.argv());
        }
        return process;
    }

    private static int waitFor(NuProcess process) throws InterruptedException {
        return process.waitFor(0, TimeUnit.SECONDS);
    }

    /** Drops the output. */
    private static final class IgnoringHandler extends NuAbstractProcessHandler {}

    /** Drops the output and tells of the end. */
    private static final class TellingHandler extends NuAbstractProcessHandler {
        private final CompletableFuture<Integer> end = new CompletableFuture<>();

        @Override
        public void onExit(int code) {
            end.complete(code);
        }
    }

    private static final class NuChild implements Child {
        private final NuProcess process;
        private final TellingHandler handler;

        NuChild(NuProcess process, TellingHandler handler) {
            this.process = process;
            this.handler = handler;
        }

        @Override
        public long pid() {
            return process.getPID();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return NuProcessStarter.waitFor(process);
        }

        @Override
        public void onExit(Runnable callback) {
            CompletableFuture<Void> unused = handler.end.thenRun(callback);
        }

        @Override
        public InputStream output() {
            throw new UnsupportedOperationException("NuProcess hands output to a handler");
        }

        @Override
        public OutputStream input() {
            throw new UnsupportedOperationException("NuProcess takes input from a handler");
        }

        @Override
        public void kill() {
            process.destroy(true);
        }

        /** Nothing: NuProcess closes everything itself when the child ends. */
        @Override
        public void close() {}
    }
}
