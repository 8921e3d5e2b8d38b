// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A {@link Process}, of spawn4j or the JDK. */
final class ProcessChild implements Child {
    private final Process process;

    ProcessChild(Process process) {
        this.process = process;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void onExit(Runnable callback) {
        CompletableFuture<Void> unused = process.onExit().thenRun(callback);
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public OutputStream input() {
        return process.getOutputStream();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        closeStreams(process);
    }

    static void closeStreams(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }
}
