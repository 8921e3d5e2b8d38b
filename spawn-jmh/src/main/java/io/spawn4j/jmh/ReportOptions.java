// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the report's command line asks for.
 *
 * @param warmupMillis how long each fork runs before it measures
 * @param measuredSeconds how many seconds each fork measures
 * @param out where the Markdown goes; standard output if absent
 * @param json where JMH's own results go
 * @param callCost whether to measure what calling the C contender from Java costs
 * @param list whether to print the cells instead of running them
 */
record ReportOptions(
        List<Scenario> scenarios,
        int rounds,
        int warmupMillis,
        int measuredSeconds,
        Predicate<String> only,
        Optional<Path> out,
        Optional<Path> json,
        boolean callCost,
        boolean list) {

    static final String USAGE = """
            usage: java -cp benchmarks.jar io.spawn4j.jmh.Report [option...]
              --rounds N      rounds; each runs every contender once (default 7)
              --seconds S     seconds measured in each fork (default 3)
              --warmup S      seconds of warm-up in each fork before that (default 8; on one CPU the JIT takes as long)
              --only REGEX    only what matches, e.g. 'tiny.pipes.t1/' or '/(C_|PROCESS_BUILDER$)'
              --quick         a first impression: 3 rounds, 1 second, a few scenarios
              --smoke         does everything run? 1 round, 1 second, a few scenarios
              --out FILE      write the Markdown there, after each round
              --json FILE     write JMH's own results there, after each round
              --list          print what would run
            To measure on one CPU: taskset -c 0 java ...
            """;

    private static final int MAX = 100_000;
    private static final int WARMUP_MILLIS = 8000;
    private static final int QUICK_WARMUP_MILLIS = 3000;
    private static final int SHORT_WARMUP_MILLIS = 200;

    /** @throws IllegalArgumentException with a sentence for the user */
    static ReportOptions parse(String... arguments) {
        boolean smoke = Arrays.asList(arguments).contains("--smoke");
        boolean quick = Arrays.asList(arguments).contains("--quick");
        int rounds = smoke ? 1 : quick ? 3 : 7;
        int seconds = smoke || quick ? 1 : 3;
        int warmupMillis = smoke ? SHORT_WARMUP_MILLIS : quick ? QUICK_WARMUP_MILLIS : WARMUP_MILLIS;
        Predicate<String> only = cell -> true;
        Path out = null;
        Path json = null;
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--smoke", "--quick", "--list" -> {}
                case "--rounds" -> rounds = positive(option, rest);
                case "--seconds" -> seconds = positive(option, rest);
                case "--warmup" -> warmupMillis = Math.multiplyExact(1000, positive(option, rest));
                case "--only" -> only = matching(value(option, rest));
                case "--out" -> out = Path.of(value(option, rest));
                case "--json" -> json = Path.of(value(option, rest));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new ReportOptions(
                smoke || quick ? Scenario.few() : Scenario.all(),
                rounds,
                warmupMillis,
                seconds,
                only,
                Optional.ofNullable(out),
                Optional.ofNullable(json),
                !smoke,
                Arrays.asList(arguments).contains("--list"));
    }

    /** Whether contenders, this JVM and its children share one CPU. */
    boolean pinned() {
        return Runtime.getRuntime().availableProcessors() == 1;
    }

    private static int positive(String option, Iterator<String> rest) {
        String value = value(option, rest);
        try {
            int number = Integer.parseInt(value);
            if (number > 0 && number <= MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " takes a number from 1 to " + MAX + ", not " + value, e);
        }
        throw new IllegalArgumentException(option + " takes a number from 1 to " + MAX + ", not " + value);
    }

    private static Predicate<String> matching(String regex) {
        try {
            return Pattern.compile(regex).asPredicate();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--only takes a regular expression: " + e.getMessage(), e);
        }
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }
}
