// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of attempts, by a main class in a JVM of its own, under a filter that fails system calls. */
public final class FailingCalls {
    private FailingCalls() {}

    /**
     * Makes the attempts that the outcomes begin with, each twice, after one that is called "first" and whose outcome
     * does not matter.
     *
     * @param rules of seccomp-run, with blanks between them
     * @param outcomes the lines that the main class prints, with "; " between them
     */
    public static void assertOutcomes(Class<?> attempts, String rules, String outcomes) {
        List<String> expected = Stream.of(outcomes.split("; "))
                .flatMap(line -> Stream.of(line, line))
                .toList();
        List<String> arguments = Stream.concat(
                        Stream.of("first"), expected.stream().map(line -> line.split(":")[0]))
                .toList();
        List<String> filter = Stream.of(rules.split(" "))
                .flatMap(rule -> Stream.of("--fail", rule))
                .collect(Collectors.toCollection(ArrayList::new));
        filter.add("--");
        String said = NestedJvm.of(attempts, arguments.toArray(String[]::new))
                .through(TestTools.command("seccomp-run", filter.toArray(String[]::new)))
                .run()
                .orThrow();
        // Without what the log says of the host.
        assertThat(said.lines().filter(line -> !line.contains(" WARN ")).skip(1))
                .containsExactlyElementsOf(expected);
    }
}
