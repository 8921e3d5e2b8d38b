// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import io.spawn4j.jmh.contender.Child;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Prepared;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Children that do nothing until they are killed. */
final class LiveChildren {
    private final List<Child> children = new ArrayList<>();

    /** Starts {@code count} more, with /dev/null for streams where the contender can do that. */
    void start(Contender contender, int count) throws IOException {
        if (count == 0) {
            return;
        }
        Prepared prepared = withoutPipes(contender, Program.PAUSE);
        for (int i = 0; i < count; i++) {
            children.add(prepared.start());
        }
    }

    /** The program with /dev/null for streams where the contender can do that. */
    static Prepared withoutPipes(Contender contender, Program program) {
        Command command = Command.of(program, Streams.NULL);
        return contender.prepare(contender.supports(command) ? command : Command.of(program, Streams.PIPES));
    }

    /** Kills them all and waits for their end. */
    void end() throws IOException, InterruptedException {
        for (Child child : children) {
            child.kill();
        }
        for (Child child : children) {
            child.waitFor();
            child.close();
        }
        children.clear();
    }
}
