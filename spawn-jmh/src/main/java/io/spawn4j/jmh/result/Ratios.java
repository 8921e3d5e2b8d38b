// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Scenario;
import io.spawn4j.jmh.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * spawn4j's rates divided by those of the C loop in the same round, as a text file, and their comparison with those of
 * another run.
 *
 * <p>Ratios within a round are what repeats on a noisy machine, and even they scatter. So a scenario counts as slower
 * only if the whole interval of its median lies below the whole stored interval, by {@link #MARGIN}, and if both have
 * rounds enough for their intervals to mean something. A disturbed run widens its interval and thereby says less,
 * instead of raising a false alarm.
 */
public final class Ratios {
    /** What the two intervals must be apart, as a part of the stored one's lower end. */
    private static final double MARGIN = 0.05;

    /** On a line of the file. */
    private static final int WORDS = 5;

    /** The median of the rounds' ratios, its interval, and how many rounds there were. */
    record Entry(double median, double low, double high, int rounds) {}

    private final Map<String, Entry> entries;

    private Ratios(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** Those of a run: of each scenario in which the C loop took part. */
    public static Ratios of(Measurements measurements) {
        Map<String, Entry> entries = new TreeMap<>();
        for (Suite suite : Suite.values()) {
            if (suite.reference() != Contender.C_POSIX_SPAWN || !suite.figures().contains(Figure.RATE)) {
                continue;
            }
            for (Scenario scenario : measurements.scenarios(suite)) {
                for (Contender contender : measurements.contenders(scenario.id())) {
                    if (contender.isSpawn4j()) {
                        measurements
                                .ratio(scenario.id(), contender, suite.reference(), Figure.RATE)
                                .ifPresent(ratio -> entries.put(scenario.id() + "/" + contender, entry(ratio)));
                    }
                }
            }
        }
        return new Ratios(entries);
    }

    private static Entry entry(Sample ratio) {
        Sample.Interval interval = ratio.medianInterval();
        return new Entry(ratio.median(), interval.low(), interval.high(), ratio.size());
    }

    /**
     * Those that an earlier run wrote.
     *
     * @throws IOException if the file cannot be read, or is none of these
     */
    public static Ratios read(Path file) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", -1);
            try {
                if (words.length != WORDS) {
                    throw new NumberFormatException(words.length + " words");
                }
                entries.put(
                        words[0],
                        new Entry(
                                Double.parseDouble(words[1]),
                                Double.parseDouble(words[2]),
                                Double.parseDouble(words[3]),
                                Integer.parseInt(words[4])));
            } catch (NumberFormatException e) {
                throw new IOException(file + ": not a line of ratios: " + line, e);
            }
        }
        return new Ratios(entries);
    }

    String text() {
        StringBuilder text = new StringBuilder("# scenario/contender, rate / C: median, low, high, rounds\n");
        entries.forEach((name, entry) -> text.append(String.format(
                Locale.ROOT,
                "%s %.4f %.4f %.4f %d%n",
                name,
                entry.median(),
                entry.low(),
                entry.high(),
                entry.rounds())));
        return text.toString();
    }

    /** What this run says beside a stored one: a line for each scenario and contender that both have. */
    public Comparison against(Ratios stored) {
        List<String> lines = new ArrayList<>();
        boolean slower = false;
        for (Map.Entry<String, Entry> mine : entries.entrySet()) {
            Optional<Entry> before = Optional.ofNullable(stored.entries.get(mine.getKey()));
            if (before.isPresent()) {
                Entry now = mine.getValue();
                String verdict = verdict(now, before.get());
                slower |= verdict.equals("SLOWER");
                lines.add(String.format(
                        Locale.ROOT,
                        "%-36s %.2f (%.2f to %.2f), stored %.2f (%.2f to %.2f): %s",
                        mine.getKey(),
                        now.median(),
                        now.low(),
                        now.high(),
                        before.get().median(),
                        before.get().low(),
                        before.get().high(),
                        verdict));
            }
        }
        if (lines.isEmpty()) {
            lines.add("nothing to compare: no scenario and contender has ratios in both runs");
        }
        return new Comparison(lines, slower);
    }

    private static String verdict(Entry now, Entry stored) {
        if (Math.min(now.rounds(), stored.rounds()) < Scenario.ROUNDS_FOR_AN_INTERVAL) {
            return "too few rounds to say";
        }
        if (now.high() < stored.low() * (1 - MARGIN)) {
            return "SLOWER";
        }
        return now.low() > stored.high() * (1 + MARGIN) ? "faster" : "no difference";
    }

    /**
     * How a run compares with a stored one.
     *
     * @param slower whether a scenario is beyond doubt slower than stored
     */
    public record Comparison(List<String> lines, boolean slower) {}
}
