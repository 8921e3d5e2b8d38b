// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Starts a sha256sum child for each of a few thousand real files, once with spawn4j and once with ProcessBuilder,
 * checks every answer against Java's own digest, and says how many children each started per second.
 */
public final class Sha256Demo {
    private Sha256Demo() {}

    /**
     * Exits with 0 when every digest was right, 1 when one was not or a child failed, 2 when the arguments are wrong.
     */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    static int run(String... arguments) throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(DemoOptions.USAGE);
            return 0;
        }
        DemoOptions options;
        try {
            options = DemoOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(DemoOptions.USAGE);
            return 2;
        }
        try {
            return race(options);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static int race(DemoOptions options) throws IOException, InterruptedException {
        List<Path> files = FileFinder.find(options.root(), options.files());
        if (files.isEmpty()) {
            System.err.printf(
                    Locale.ROOT,
                    "no readable file of at most %d KiB below %s%n",
                    FileFinder.MAX_SIZE / 1024,
                    options.root());
            return 2;
        }
        System.out.printf(
                Locale.ROOT,
                "%,d files below %s, a sha256sum child for each, %d at a time, with spawn4j and with ProcessBuilder%n",
                files.size(),
                options.root(),
                options.workers());
        try (Race race = new Race(files, options.workers())) {
            Progress progress = new Progress(() -> line(race, files.size()));
            try {
                race.run();
            } finally {
                progress.stop();
            }
            summary(race);
        }
        return 0;
    }

    private static String line(Race race, int files) {
        Race.Tally ours = race.tally(Starter.SPAWN4J);
        Race.Tally theirs = race.tally(Starter.PROCESS_BUILDER);
        int done = ours.children() + theirs.children();
        int all = 2 * files;
        return String.format(
                Locale.ROOT,
                "%3d %%: %,d of %,d children; spawn4j %,.0f/s, ProcessBuilder %,.0f/s",
                100L * done / all,
                done,
                all,
                ours.perSecond(),
                theirs.perSecond());
    }

    private static void summary(Race race) {
        Race.Tally ours = race.tally(Starter.SPAWN4J);
        Race.Tally theirs = race.tally(Starter.PROCESS_BUILDER);
        System.out.printf(Locale.ROOT, "%,d children, every digest right%n", ours.children() + theirs.children());
        for (Starter starter : Starter.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-15s %,8.0f spawns per second%n",
                    starter,
                    race.tally(starter).perSecond());
        }
        System.out.printf(Locale.ROOT, "  %.2f times as many%n", ours.perSecond() / theirs.perSecond());
    }
}
