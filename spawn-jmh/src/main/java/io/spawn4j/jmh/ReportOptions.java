// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Timing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the report's command line asks for.
 *
 * @param rounds in place of the scenarios' own
 * @param warmupSeconds in place of the suites' own
 * @param measuredSeconds in place of the suites' own
 * @param out where the result folder is created
 * @param compare stored ratios
 * @param list whether to print the cells instead of running them
 */
record ReportOptions(
        Length length,
        OptionalInt rounds,
        OptionalInt warmupSeconds,
        OptionalInt measuredSeconds,
        Predicate<String> only,
        Path out,
        Optional<Path> compare,
        boolean list) {

    static final String USAGE = """
            usage: java -jar benchmarks.jar [option...]
              --full          everything, in about an hour (default)
              --quick         a first impression, in less than ten minutes
              --smoke         does everything run? The figures mean nothing
              --out DIR       where the folder with the results is created (default: benchmark-results)
              --only REGEX    only what matches, e.g. '^tiny.t1/' or '/(C_POSIX_SPAWN|SPAWN4J_CLONE3)$'
              --rounds N      so many rounds instead of each scenario's own number
              --warmup S      so many seconds of warm-up in each fork
              --seconds S     so many seconds measured in each fork
              --compare FILE  afterwards, compare with an earlier run's ratios.txt
              --list          print what would run, and for how long
              --help          print this
            Ends with 0 when all went well, 1 when a contender failed, 2 when the arguments are wrong, 3 when --compare
            found something slower beyond doubt (which takes six rounds of both runs).
            """;

    private static final int MAX = 100_000;
    private static final int MILLIS = 1000;
    private static final Path DEFAULT_OUT = Path.of("benchmark-results");

    /** @throws IllegalArgumentException with a sentence for the user */
    static ReportOptions parse(String... arguments) {
        Length length = Length.FULL;
        boolean list = false;
        OptionalInt rounds = OptionalInt.empty();
        OptionalInt warmup = OptionalInt.empty();
        OptionalInt measured = OptionalInt.empty();
        Predicate<String> only = cell -> true;
        Path out = DEFAULT_OUT;
        Optional<Path> compare = Optional.empty();
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--full" -> length = Length.FULL;
                case "--quick" -> length = Length.QUICK;
                case "--smoke" -> length = Length.SMOKE;
                case "--list" -> list = true;
                case "--rounds" -> rounds = OptionalInt.of(positive(option, rest));
                case "--warmup" -> warmup = OptionalInt.of(positive(option, rest));
                case "--seconds" -> measured = OptionalInt.of(positive(option, rest));
                case "--only" -> only = matching(value(option, rest));
                case "--out" -> out = Path.of(value(option, rest));
                case "--compare" -> compare = Optional.of(Path.of(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new ReportOptions(length, rounds, warmup, measured, only, out, compare, list);
    }

    /** With what was asked for in place of the suite's own. */
    Timing timing(Timing own) {
        return new Timing(
                warmupSeconds.isPresent() ? warmupSeconds.getAsInt() * MILLIS : own.warmupMillis(),
                measuredSeconds.isPresent() ? measuredSeconds.getAsInt() * MILLIS : own.measuredMillis(),
                own.preparingMillis());
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
        String value = rest.next();
        if (value.startsWith("--")) {
            throw new IllegalArgumentException(option + " needs a value, not " + value);
        }
        return value;
    }
}
