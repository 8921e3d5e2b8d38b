// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A line on standard error every second until it is stopped: in place on a terminal, one below the other elsewhere. */
final class Progress {
    private final Thread clock;

    Progress(Supplier<String> line) {
        clock = new Thread(() -> run(line), "progress");
        clock.setDaemon(true);
        clock.start();
    }

    private static void run(Supplier<String> line) {
        boolean terminal = isTerminal();
        int width = 0;
        try {
            while (true) {
                Thread.sleep(1000);
                String text = line.get();
                if (terminal) {
                    // Padded, because a shorter line would leave the end of a longer one standing.
                    System.err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
                    width = text.length();
                } else {
                    System.err.println(text);
                }
            }
        } catch (InterruptedException e) {
            if (width > 0) {
                System.err.println();
            }
        }
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            // Without /proc, or with standard error closed, there is nothing to overwrite.
            return false;
        }
    }

    /** Ends the line, so that what is printed next begins a new one. */
    void stop() throws InterruptedException {
        clock.interrupt();
        clock.join();
    }
}
