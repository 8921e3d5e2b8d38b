// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's account of this JVM. */
final class OwnProcess {
    private OwnProcess() {}

    static int openDescriptors() {
        String[] entries = new File("/proc/self/fd").list();
        assertThat(entries).isNotNull();
        return entries.length;
    }

    /** Children that have ended and that nobody has waited for. */
    static List<String> zombies() {
        String own = Long.toString(ProcessHandle.current().pid());
        File[] processes = new File("/proc").listFiles((directory, name) -> Character.isDigit(name.charAt(0)));
        assertThat(processes).isNotNull();
        return Stream.of(processes)
                .map(process -> stat(process.toPath()))
                // State and parent are behind the name, which is in parentheses.
                .filter(stat -> {
                    String[] fields =
                            stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
                    return fields[0].equals("Z") && fields[1].equals(own);
                })
                .toList();
    }

    private static String stat(Path process) {
        try {
            return Files.readString(process.resolve("stat"));
        } catch (NoSuchFileException e) {
            return "(gone) - -";
        } catch (IOException e) {
            // The kernel's ESRCH, for a process that ended between open and read.
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "(gone) - -";
            }
            throw new UncheckedIOException(e);
        }
    }

    /** Some contenders, and the JVM, clean up on threads of their own. */
    static void awaitNothingLeft(int descriptorsBefore) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(zombies()).isEmpty();
            assertThat(openDescriptors()).isLessThanOrEqualTo(descriptorsBefore);
        });
    }
}
