// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the demo's command line asks for.
 *
 * @param root where to look for files
 * @param files how many
 * @param workers how many threads start children at the same time
 */
record DemoOptions(Path root, int files, int workers) {
    static final String USAGE = """
            usage: java -cp benchmarks.jar io.spawn4j.demo.Sha256Demo [option...]
              --root DIRECTORY   where to look for files (default /usr)
              --files N          how many (default 3000)
              --workers N        threads that start children (default: one per processor, at least two)
            """;

    /** @throws IllegalArgumentException with a sentence for the user */
    static DemoOptions parse(String... arguments) {
        Path root = Path.of("/usr");
        int files = 3000;
        int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            switch (option) {
                case "--root" -> root = directory(value(arguments, i));
                case "--files" -> files = positive(option, value(arguments, i));
                case "--workers" -> workers = positive(option, value(arguments, i));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new DemoOptions(root, files, workers);
    }

    private static String value(String[] arguments, int option) {
        if (option + 1 == arguments.length) {
            throw new IllegalArgumentException(arguments[option] + " needs a value");
        }
        return arguments[option + 1];
    }

    private static Path directory(String value) {
        Path directory = Path.of(value);
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("--root takes a directory, and " + value + " is none");
        }
        return directory;
    }

    private static int positive(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException(option + " takes a number from 1 to 9999999, not " + value);
        }
        return Integer.parseInt(value);
    }
}
