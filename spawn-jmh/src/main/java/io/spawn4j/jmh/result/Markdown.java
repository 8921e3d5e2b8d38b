// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A text in Markdown that grows line by line. */
final class Markdown {
    /** A cell where nothing was measured. */
    static final String NONE = "";

    private final StringBuilder text = new StringBuilder();

    /** A line; {@code format} as it is where there are no arguments. */
    void line(String format, Object... arguments) {
        text.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
                .append('\n');
    }

    /** The first row of a table, and the blank line before it. */
    void header(List<String> cells) {
        line("");
        row(cells);
        line("|%s", "---|".repeat(cells.size()));
    }

    void row(List<String> cells) {
        // A mitigation's name or a limit may contain what separates cells.
        line("| %s |", cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")));
    }

    /** A list below its title; nothing if it has no entries. */
    void list(String title, List<String> entries) {
        if (!entries.isEmpty()) {
            line("");
            line("%s:", title);
            line("");
            entries.forEach(this::entry);
        }
    }

    /** Behind the first line as it is: a fork's log is full of what Markdown takes for headings. */
    private void entry(String entry) {
        List<String> lines = entry.lines().toList();
        line("- %s", lines.isEmpty() ? NONE : lines.get(0));
        if (lines.size() > 1) {
            line("");
            lines.stream().skip(1).forEach(more -> line("%s", ("      " + more).stripTrailing()));
            line("");
        }
    }

    /** A picture in two versions, {@code name-light.svg} and {@code name-dark.svg}. */
    void picture(String name, String alternative) {
        line("");
        line("<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s-dark.svg\">", name);
        line("<img alt=\"%s\" src=\"%s-light.svg\"></picture>", alternative, name);
    }

    static String withInterval(String format, Optional<Sample> sample) {
        return sample.map(present -> withInterval(format, present)).orElse(NONE);
    }

    /** The median, and its interval in brackets where there is more than one value. */
    static String withInterval(String format, Sample sample) {
        String median = number(format, sample.median());
        if (sample.size() < 2) {
            return median;
        }
        Sample.Interval interval = sample.medianInterval();
        return median + " (" + number(format, interval.low()) + " to " + number(format, interval.high()) + ")";
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
