// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChildTest {
    private static final int SIGKILL_CODE = 128 + 9;

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER", "C_POSIX_SPAWN", "C_VFORK", "C_CLONE3"})
    void stampLiesBetweenBeforeAndAfter(Contender contender) throws Exception {
        for (List<String> sleep : List.of(List.<String>of(), List.of("1000"))) {
            Command command = Command.of(Program.STAMP, Streams.PIPES).withArguments(sleep);
            long before = System.nanoTime();

            Child child = contender.prepare(command).start();
            byte[] output = child.output().readAllBytes();
            int code = child.waitFor();
            long after = System.nanoTime();
            child.close();

            assertThat(code).isZero();
            assertThat(output).hasSize(Long.BYTES);
            assertThat(ByteBuffer.wrap(output).order(ByteOrder.nativeOrder()).getLong())
                    .isBetween(before + (sleep.isEmpty() ? 0 : 1_000_000), after);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER", "C_POSIX_SPAWN", "C_VFORK", "C_CLONE3"})
    void asManyZerosArriveAsWereAskedFor(Contender contender) throws Exception {
        for (int count : new int[] {0, 1, 3_000_001}) {
            Command command = Command.of(Program.ZEROS, Streams.PIPES).withArguments(List.of(Integer.toString(count)));

            Child child = contender.prepare(command).start();
            byte[] output = child.output().readAllBytes();

            assertThat(child.waitFor()).isZero();
            child.close();
            assertThat(output).isEqualTo(new byte[count]);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER", "NUPROCESS", "C_POSIX_SPAWN", "C_VFORK", "C_CLONE3"})
    void pauseEndsByKillAndWaitForTells(Contender contender) throws Exception {
        Child child =
                contender.prepare(Command.of(Program.PAUSE, Streams.PIPES)).start();
        boolean ran = ProcessHandle.of(child.pid()).isPresent();

        child.kill();

        assertThat(child.waitFor()).isEqualTo(contender == Contender.NUPROCESS ? 9 : SIGKILL_CODE);
        child.close();
        assertThat(ran).isTrue();
        await().untilAsserted(() -> assertThat(OwnProcess.zombies()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER", "NUPROCESS"})
    void callbackRunsOnce(Contender contender) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        Child child =
                contender.prepare(Command.of(Program.PAUSE, Streams.PIPES)).start();
        child.onExit(calls::incrementAndGet);
        assertThat(calls).hasValue(0);

        child.kill();
        child.waitFor();
        await().until(() -> calls.get() > 0);
        child.onExit(late::incrementAndGet);
        await().until(() -> late.get() > 0);
        child.close();

        assertThat(calls).hasValue(1);
        assertThat(late).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SPAWN4J_CLONE3", "PROCESS_BUILDER"})
    void inputReachesTheChild(Contender contender) throws Exception {
        Command cat = new Command(List.of("/bin/cat"), Streams.PIPES, Map.of());

        Child child = contender.prepare(cat).start();
        try (OutputStream input = child.input()) {
            input.write("to and fro".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(child.output().readAllBytes()).asString().isEqualTo("to and fro");
        assertThat(child.waitFor()).isZero();
        child.close();
    }

    @Test
    void outputInCIsAStreamUntilItIsClosed() throws Exception {
        Command command = new Command(List.of("/bin/echo", "-n", "abcdef"), Streams.PIPES, Map.of());
        Child child = Contender.C_VFORK.prepare(command).start();
        byte[] part = new byte[4];
        byte[] rest = {9, 9, 9, 9};
        InputStream output = child.output();

        assertThat(output.read()).isEqualTo('a');
        assertThat(output.readNBytes(part, 1, 2)).isEqualTo(2);
        assertThat(part).isEqualTo(new byte[] {0, 'b', 'c', 0});
        assertThat(output.read(rest)).isEqualTo(3);
        assertThat(rest).isEqualTo(new byte[] {'d', 'e', 'f', 9});
        assertThat(output.read()).isEqualTo(-1);
        assertThat(child.waitFor()).isZero();
        child.close();

        assertThatThrownBy(output::read).isInstanceOf(IOException.class);
    }

    @Test
    void outputInCIsEmptyWithoutPipes() throws Exception {
        Child child = Contender.C_CLONE3
                .prepare(Command.of(Program.STAMP, Streams.NULL))
                .start();

        assertThat(child.output().readAllBytes()).isEmpty();
        assertThat(child.waitFor()).isZero();
        child.close();
    }

    @Test
    void whatAContenderHasNotIsSaid() throws Exception {
        Child inC = Contender.C_POSIX_SPAWN
                .prepare(Command.of(Program.TINY, Streams.PIPES))
                .start();
        assertThatThrownBy(() -> inC.onExit(() -> {})).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(inC::input).isInstanceOf(UnsupportedOperationException.class);
        inC.waitFor();
        inC.close();
        Child ofNuProcess = Contender.NUPROCESS
                .prepare(Command.of(Program.TINY, Streams.PIPES))
                .start();
        assertThatThrownBy(ofNuProcess::output).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(ofNuProcess::input).isInstanceOf(UnsupportedOperationException.class);
        ofNuProcess.waitFor();
        ofNuProcess.close();
    }
}
