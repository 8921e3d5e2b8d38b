// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.SpawnProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which engine starts the children of this JVM, why that one, and what this host lets it do, each found out by doing it.
 * Prints as a table; put it into bug reports.
 */
public final class SpawnCapabilities {
    private static final String NO_ENGINE = "none";

    private final String engine;
    private final String why;
    private final List<Row> rows;

    /**
     * One thing that the host can or cannot do.
     *
     * @param name what, for example {@code clone3}
     * @param available whether it can
     * @param how how that was found out, or what refused it
     */
    public record Row(String name, boolean available, String how) {}

    /**
     * For the engines.
     *
     * @param engine the engine's name
     * @param why one clause: why this engine, or this path of it
     * @param rows what the host can do, in the order to print
     */
    public SpawnCapabilities(String engine, String why, List<Row> rows) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.why = Objects.requireNonNull(why, "why");
        this.rows = List.copyOf(rows);
    }

    /**
     * What this JVM and host can do. The first call of this, or of {@link SpawnBuilder#start()}, starts the engine.
     *
     * @return the table; where no engine can run, its engine is {@code none} and it says why
     */
    public static SpawnCapabilities current() {
        try {
            return CurrentEngine.current().capabilities();
        } catch (SpawnException noEngine) {
            return new SpawnCapabilities(NO_ENGINE, String.valueOf(noEngine.getMessage()), List.of());
        }
    }

    /** What a provider says, below the rows that tell how it was chosen. */
    static SpawnCapabilities of(SpawnProvider provider, List<Row> choice) {
        SpawnCapabilities own = provider.capabilities();
        List<Row> rows = new ArrayList<>(choice);
        rows.addAll(own.rows);
        return new SpawnCapabilities(own.engine, own.why, rows);
    }

    /**
     * The engine that runs, for example {@code native}.
     *
     * @return its name
     */
    public String engine() {
        return engine;
    }

    /**
     * Why that engine runs, or why none does.
     *
     * @return one clause
     */
    public String why() {
        return why;
    }

    /**
     * What the host can do.
     *
     * @return one row for each thing, in the order they print
     */
    public List<Row> rows() {
        return rows;
    }

    /** All of it in one line, for the log. */
    String summary() {
        return rows.stream()
                .map(row -> row.name + "=" + (row.available ? "yes" : "no"))
                .collect(Collectors.joining(", ", engine + " (" + why + "): ", ""));
    }

    /**
     * The table, its columns aligned: name, yes or no, how it was found out.
     *
     * @return several lines without a line end after the last
     */
    @Override
    public String toString() {
        int width = rows.stream().mapToInt(row -> row.name.length()).max().orElse(0);
        return rows.stream()
                .map(row -> ("%-" + Math.max(width, 1) + "s  %-3s  %s")
                        .formatted(row.name, row.available ? "yes" : "no", row.how))
                .collect(Collectors.joining(
                        "\n", "engine: " + engine + " (" + why + ")" + (rows.isEmpty() ? "" : "\n"), ""));
    }
}
