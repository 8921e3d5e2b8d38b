// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.NestedJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program is found, and the directory entered, as by ProcessBuilder, in a JVM whose PATH has everything. */
class ProgramLookupParityTest {
    @TempDir
    static Path directory;

    private static NestedJvm.Running jvm;
    private static int asked;

    /**
     * Starts what each line of stdin says, {@code NUMBER TAB DIRECTORY TAB PROGRAM TAB ARGUMENT...}, with both
     * builders.
     */
    public static final class Starting {
        private Starting() {}

        /** Runs it. */
        public static void main(String[] unused) throws IOException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.split("\t", -1));
                File where = words.get(1).isEmpty() ? null : new File(words.get(1));
                List<String> command = words.subList(2, words.size());
                String theirs = outcome(
                        () -> new ProcessBuilder(command).directory(where).start());
                String ours =
                        outcome(() -> new SpawnBuilder(command).directory(where).start());
                System.out.println("answer " + words.get(0) + "\t" + theirs + "\t" + ours);
            }
        }

        private static String outcome(Callable<Process> start) {
            try {
                Process process = start.call();
                String output = Recipe.text(process.getInputStream()).strip();
                return output + ", exit " + process.waitFor();
            } catch (IOException e) {
                return opening(e) + errno(e);
            } catch (Exception e) {
                return e.toString();
            }
        }

        private static String opening(IOException failure) {
            return failure.getMessage().replaceFirst("(?s)(\"\\)?: ).*", "$1");
        }

        private static String errno(IOException failure) {
            String message = failure.getMessage();
            return message.contains("Permission denied")
                    ? "EACCES"
                    : message.contains("No such file") ? "ENOENT" : message;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        script("one/first", "#!/bin/sh\necho one \"$@\"", true);
        script("two/first", "#!/bin/sh\necho two", true);
        script("one/locked", "#!/bin/sh\necho locked", false);
        script("two/locked", "#!/bin/sh\necho not locked", true);
        script("one/locked-only", "#!/bin/sh\necho locked", false);
        Files.createDirectories(directory.resolve("one/folder"));
        script("two/folder", "#!/bin/sh\necho no folder", true);
        Files.createDirectories(directory.resolve("one/folder-only"));
        script("one/script", "echo script \"$0\" \"$@\"", true);
        script("here/local", "#!/bin/sh\necho local in \"${PWD##*/}\"", true);
        script("here/sub/below", "#!/bin/sh\necho below", true);
        script("elsewhere/local", "#!/bin/sh\necho local in \"${PWD##*/}\"", true);
        Files.writeString(directory.resolve("file"), "");
        String path = String.join(
                ":",
                directory.resolve("missing").toString(),
                directory.resolve("file").toString(),
                directory.resolve("one").toString(),
                "",
                "sub",
                directory.resolve("two").toString(),
                "/usr/bin",
                "/bin");
        jvm = NestedJvm.of(Starting.class)
                .environment("PATH", path)
                .directory(directory)
                .start();
    }

    @AfterAll
    static void end() {
        assertThat(jvm.await().exitCode()).isZero();
        jvm.close();
    }

    @Test
    void theFirstInThePathIsTaken() throws Exception {
        assertSame("", "first", "a b", "", "*").isEqualTo("one a b  *, exit 0");
    }

    @Test
    void whatCannotBeExecutedIsPassedOver() throws Exception {
        assertSame("", "locked").isEqualTo("not locked, exit 0");
        assertSame("", "folder").isEqualTo("no folder, exit 0");
    }

    @Test
    void onlyWhatCannotBeExecutedIsPermissionDenied() throws Exception {
        assertSame("", "folder-only").isEqualTo("Cannot run program \"folder-only\": EACCES");
        assertSame("", "locked-only").isEqualTo("Cannot run program \"locked-only\": EACCES");
        assertSame("", "nowhere").isEqualTo("Cannot run program \"nowhere\": ENOENT");
    }

    @Test
    void emptyAndRelativeElementsAreInTheChildsDirectory() throws Exception {
        assertSame("", "local").isEqualTo("Cannot run program \"local\": ENOENT");
        assertSame("here", "local").isEqualTo("local in here, exit 0");
        assertSame(directory.resolve("elsewhere").toString(), "local").isEqualTo("local in elsewhere, exit 0");
        assertSame("here", "below").isEqualTo("below, exit 0");
    }

    @Test
    void nameWithASlashIsNotLookedUp() throws Exception {
        assertSame("here", "./local").isEqualTo("local in here, exit 0");
        assertSame("", "here/local").endsWith(", exit 0");
        assertSame("here", "../elsewhere/local").isEqualTo("local in here, exit 0");
        assertSame("", directory.resolve("two/first").toString()).isEqualTo("two, exit 0");
        assertSame("", "missing/first").isEqualTo("Cannot run program \"missing/first\": ENOENT");
        assertSame("", "./first").isEqualTo("Cannot run program \"./first\": ENOENT");
    }

    @Test
    void directoriesAreRelativeToTheJvms() throws Exception {
        assertSame("here", "pwd").endsWith("/here, exit 0");
        assertSame("here/../elsewhere", "pwd").endsWith("/elsewhere, exit 0");
        assertSame(directory.resolve("here").toString(), "pwd").endsWith("/here, exit 0");
        assertSame("", "pwd").isEqualTo(directory.toRealPath() + ", exit 0");
        assertSame("nowhere", "first").isEqualTo("Cannot run program \"first\" (in directory \"nowhere\"): ENOENT");
    }

    @Test
    void scriptWithoutInterpreterLineGoesToTheShell() throws Exception {
        Path script = directory.resolve("one/script");
        assertSame("", "script", "x", "y z").isEqualTo("script " + script + " x y z, exit 0");
        assertSame("", "one/script", "x").isEqualTo("script one/script x, exit 0");
        assertSame("one", "./script").isEqualTo("script ./script, exit 0");
    }

    @Test
    void pathOfTheChildsEnvironmentDoesNotCount() throws Exception {
        for (String path : new String[] {"/nowhere", ""}) {
            ProcessBuilder theirs = new ProcessBuilder("true");
            theirs.environment().put("PATH", path);
            assertThat(theirs.start().waitFor()).isZero();
            SpawnBuilder ours = new SpawnBuilder("true");
            ours.environment().put("PATH", path);
            assertThat(ours.start().waitFor()).isZero();
            ours.environment().clear();
            assertThat(ours.start().waitFor()).isZero();
        }
    }

    private static AbstractStringAssert<?> assertSame(String where, String... command) throws IOException {
        int number = ++asked;
        String question = number + "\t" + where + "\t" + String.join("\t", command) + "\n";
        jvm.process().getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
        jvm.process().getOutputStream().flush();
        Matcher answer = jvm.awaitLine("answer " + number + "\t(.*)\t(.*)");
        assertThat(answer.group(2)).as("as with ProcessBuilder").isEqualTo(answer.group(1));
        return assertThat(answer.group(2));
    }

    private static void script(String name, String text, boolean executable) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
