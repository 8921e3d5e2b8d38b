// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.TestTools;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and variables reach a child as the bytes that ProcessBuilder's children get. */
class RawBytesParityTest {
    private static final String NOT_ASCII = "\u00e9\u20ac\ud834\udd1e\ufffd";
    private static final String BROKEN_VALUE = "ff7820fe";
    private static final String BROKEN_NAME = "4efe";

    /** Prints a child's arguments and environment as argdump does, for both builders, unchanged and changed. */
    public static final class Dumping {
        private Dumping() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            List<String> command = TestTools.command("argdump", "a", NOT_ASCII, "");
            dump("ours", new SpawnBuilder(command).start());
            dump("theirs", new ProcessBuilder(command).start());
            SpawnBuilder ours = new SpawnBuilder(command);
            change(ours.environment());
            dump("ours changed", ours.start());
            ProcessBuilder theirs = new ProcessBuilder(command);
            change(theirs.environment());
            dump("theirs changed", theirs.start());
        }

        private static void change(Map<String, String> environment) {
            environment.put("NEW", NOT_ASCII);
            environment.put("PLAIN", "changed");
        }

        private static void dump(String who, Process process) throws Exception {
            process.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("^env \\d+", "env"))
                    .forEach(line -> System.out.println(who + ": " + line));
            assertThat(process.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "POSIX"})
    void unchangedVariablesPassAsTheyAre(String locale) {
        String output = dump(locale);
        for (String who : new String[] {"ours", "theirs", "ours changed", "theirs changed"}) {
            assertThat(lines(output, who))
                    .as("%s in %s", who, output)
                    .contains("env " + hex("BROKEN=") + BROKEN_VALUE, "env " + BROKEN_NAME + hex("=x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "POSIX"})
    void argumentsAndChangedVariablesAreEncodedAlike(String locale) {
        String output = dump(locale);
        assertThat(lines(output, "ours")).isEqualTo(lines(output, "theirs")).contains("arg 1 61");
        assertThat(lines(output, "ours changed"))
                .isEqualTo(lines(output, "theirs changed"))
                .contains("env " + hex("PLAIN=changed"));
        if (locale.equals("C.UTF-8")) {
            assertThat(lines(output, "ours changed"))
                    .contains("arg 2 " + hex(NOT_ASCII), "env " + hex("NEW=" + NOT_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
    void encodingOfFilesDoesNotMatterMoreThanToProcessBuilder(String encoding) {
        String output = jvm("POSIX").property("file.encoding", encoding).run().orThrow();
        assertThat(lines(output, "ours")).isEqualTo(lines(output, "theirs"));
        assertThat(lines(output, "ours changed")).isEqualTo(lines(output, "theirs changed"));
    }

    private static String dump(String locale) {
        return jvm(locale).run().orThrow();
    }

    private static NestedJvm jvm(String locale) {
        // A shell refuses such a name; env does not. Nothing else is in the environment, so that a failure
        // is short to read.
        String script = "exec env -i PATH=\"$PATH\" LC_ALL=\"$LC_ALL\" PLAIN='as it was'"
                + " \"$(printf 'BROKEN=\\377x \\376')\" \"$(printf 'N\\376=x')\" \"$@\"";
        return NestedJvm.of(Dumping.class).environment("LC_ALL", locale).through("sh", "-c", script, "sh");
    }

    // In any order: a map's, or the JVM's own.
    private static List<String> lines(String output, String who) {
        return output.lines()
                .filter(line -> line.startsWith(who + ": "))
                .map(line -> line.substring(who.length() + 2))
                .sorted()
                .toList();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }
}
