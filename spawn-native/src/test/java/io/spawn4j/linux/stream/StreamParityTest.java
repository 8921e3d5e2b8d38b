// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.child.Recipe;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the streams of java.lang.Process do, those of a ChildProcess do too. */
class StreamParityTest {
    private static final Redirect NULL = Redirect.from(new File("/dev/null"));

    @Test
    void redirectedStreamsAreNullStreams() throws Exception {
        List<String> seen = Recipe.shell("echo out; echo err >&2")
                .input(NULL)
                .output(Redirect.DISCARD)
                .error(Redirect.DISCARD)
                .sameOnBoth((process, notes) -> {
                    for (InputStream stream : List.of(process.getInputStream(), process.getErrorStream())) {
                        notes.step("available", stream::available);
                        notes.step("read", stream::read);
                        notes.step("read many", () -> stream.read(new byte[10]));
                        notes.step("skip", () -> stream.skip(3));
                        notes.step("close", closing(stream));
                        notes.step("close again", closing(stream));
                    }
                    OutputStream stdin = process.getOutputStream();
                    notes.step("flush", flushing(stdin));
                    notes.step("write", () -> {
                        stdin.write(1);
                        stdin.flush();
                        return "written";
                    });
                    notes.step("close", closing(stdin));
                    notes.step("end", process::waitFor);
                });
        assertThat(seen).contains("available: 0", "read: -1", "write: IOException", "close again: done");
    }

    @Test
    void theSameStreamEveryTime() throws Exception {
        List<String> seen = Recipe.of("true").sameOnBoth((process, notes) -> {
            List<?> first = List.of(process.getInputStream(), process.getErrorStream(), process.getOutputStream());
            List<?> second = List.of(process.getInputStream(), process.getErrorStream(), process.getOutputStream());
            notes.step("same", () -> second.equals(first));
        });
        assertThat(seen).containsExactly("same: true");
    }

    @Test
    void bytesLeftInThePipeAreReadAfterTheEnd() throws Exception {
        List<String> seen = Recipe.shell("printf hello; printf oops >&2").sameOnBoth((process, notes) -> {
            process.waitFor();
            InputStream stdout = process.getInputStream();
            notes.step("available", stdout::available);
            notes.step("first", stdout::read);
            notes.step("available then", stdout::available);
            notes.step("rest", () -> Recipe.text(stdout));
            notes.step("end", stdout::read);
            notes.step("end many", () -> stdout.read(new byte[5]));
            notes.step("none", () -> stdout.read(new byte[0]));
            notes.step("available at the end", stdout::available);
            notes.step("stderr", () -> Recipe.text(process.getErrorStream()));
            notes.step("close", closing(stdout));
            notes.step("read closed", stdout::read);
            notes.step("available closed", stdout::available);
        });
        assertThat(seen).contains("available: 5", "rest: ello", "end: -1", "stderr: oops", "read closed: IOException");
    }

    @Test
    void markAndReset() throws Exception {
        List<String> seen = Recipe.shell("printf abcdef").sameOnBoth((process, notes) -> {
            InputStream stdout = process.getInputStream();
            notes.step("supported", stdout::markSupported);
            stdout.mark(10);
            notes.step("three", () -> new String(stdout.readNBytes(3), StandardCharsets.UTF_8));
            process.waitFor();
            stdout.reset();
            notes.step("all", () -> Recipe.text(stdout));
        });
        assertThat(seen).containsExactly("supported: true", "three: abc", "all: abcdef");
    }

    @Test
    void skipAndTransfer() throws Exception {
        List<String> seen = Recipe.shell("printf 0123456789").sameOnBoth((process, notes) -> {
            InputStream stdout = process.getInputStream();
            stdout.skipNBytes(4);
            notes.step("transferred", () -> stdout.transferTo(OutputStream.nullOutputStream()));
        });
        assertThat(seen).containsExactly("transferred: 6");
    }

    @Test
    void argumentsOfReadAndWriteAreChecked() throws Exception {
        List<String> seen = Recipe.of("cat").sameOnBoth((process, notes) -> {
            notes.step("read null", () -> process.getInputStream().read(null));
            notes.step("read beyond", () -> process.getInputStream().read(new byte[4], 2, 3));
            notes.step("read negative", () -> process.getInputStream().read(new byte[4], -1, 1));
            notes.step("write null", () -> writing(process.getOutputStream(), null, 0, 1));
            notes.step("write beyond", () -> writing(process.getOutputStream(), new byte[4], 2, 3));
        });
        assertThat(seen).contains("read beyond: IndexOutOfBoundsException", "write null: NullPointerException");
    }

    @Test
    void writeAfterTheEndFails() throws Exception {
        List<String> seen = Recipe.of("true").sameOnBoth((process, notes) -> {
            process.waitFor();
            OutputStream stdin = process.getOutputStream();
            notes.step("flush of nothing", flushing(stdin));
            notes.step("write", () -> {
                stdin.write(new byte[100_000]);
                stdin.flush();
                return "written";
            });
            notes.step("close", closing(process.getInputStream()));
        });
        assertThat(seen).containsExactly("flush of nothing: done", "write: IOException", "close: done");
    }

    @Test
    void closedStreamsStayClosed() throws Exception {
        List<String> seen = Recipe.of("cat").sameOnBoth((process, notes) -> {
            for (InputStream stream : List.of(process.getInputStream(), process.getErrorStream())) {
                notes.step("close", closing(stream));
                notes.step("close again", closing(stream));
                notes.step("read", stream::read);
                notes.step("available", stream::available);
            }
            OutputStream stdin = process.getOutputStream();
            notes.step("close stdin", closing(stdin));
            notes.step("close stdin again", closing(stdin));
            notes.step("write", () -> writing(stdin, new byte[100_000], 0, 100_000));
            notes.step("end", process::waitFor);
        });
        assertThat(seen).contains("close again: done", "read: IOException", "write: IOException", "end: 0");
    }

    @Test
    void destroyClosesTheStreams() throws Exception {
        List<String> seen = Recipe.shell("echo hello; echo oops >&2; exec sleep 60")
                .sameOnBoth((process, notes) -> {
                    InputStream stdout = process.getInputStream();
                    notes.step("first byte", stdout::read);
                    process.destroy();
                    notes.step("read the buffer's rest", stdout::read);
                    notes.step("available", stdout::available);
                    notes.step("error", () -> process.getErrorStream().read());
                    notes.step("write", () -> writing(process.getOutputStream(), new byte[100_000], 0, 100_000));
                    notes.step("close", closing(stdout));
                    notes.step("end", process::waitFor);
                });
        assertThat(seen)
                .containsExactly(
                        "first byte: 104",
                        "read the buffer's rest: IOException",
                        "available: IOException",
                        "error: IOException",
                        "write: IOException",
                        "close: done",
                        "end: 143");
    }

    @Test
    void readersAndWriters() throws Exception {
        List<String> seen = Recipe.shell("cat; echo fehler: \u00e4 >&2").sameOnBoth((process, notes) -> {
            BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            notes.step("same reader", () -> process.inputReader(StandardCharsets.UTF_8) == reader);
            notes.step("other charset", () -> process.inputReader(StandardCharsets.UTF_16));
            notes.step("no charset", () -> process.errorReader(null));
            BufferedWriter writer = process.outputWriter(StandardCharsets.UTF_8);
            writer.write("gr\u00fc\u00dfe\nzwei");
            notes.step("same writer", () -> process.outputWriter(StandardCharsets.UTF_8) == writer);
            notes.step("other charset of the writer", () -> process.outputWriter(StandardCharsets.UTF_16));
            writer.close();
            notes.step("line", reader::readLine);
            notes.step("second line", reader::readLine);
            notes.step("no line", reader::readLine);
            notes.step(
                    "error",
                    () -> process.errorReader(StandardCharsets.ISO_8859_1).readLine() != null);
            notes.step("default charset refused", process::errorReader);
        });
        assertThat(seen).contains("line: gr\u00fc\u00dfe", "second line: zwei", "no line: null", "same writer: true");
    }

    private static Callable<String> closing(AutoCloseable stream) {
        return () -> {
            stream.close();
            return "done";
        };
    }

    private static Callable<String> flushing(OutputStream stream) {
        return () -> {
            stream.flush();
            return "done";
        };
    }

    private static String writing(OutputStream stream, byte[] bytes, int offset, int length) throws Exception {
        stream.write(bytes, offset, length);
        stream.flush();
        return "written";
    }
}
