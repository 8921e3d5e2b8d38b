// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Which engine starts the children of this JVM, why that one, and what this host lets it do, each found out by doing
 * it. Prints as a table; put it into bug reports.
 */
public final class SpawnCapabilities {
    private static final String NO_ENGINE = "none";

    private final String engine;
    private final String why;
    private final List<HostAbility> rows;

    private SpawnCapabilities(String engine, String why, List<HostAbility> rows) {
        this.engine = engine;
        this.why = why;
        this.rows = List.copyOf(rows);
    }

    /**
     * What this JVM and host can do. The first call of this, or of {@link SpawnBuilder#start()}, starts the engine.
     *
     * @return the table; where no engine can run, its engine is {@code none} and it says why
     */
    public static SpawnCapabilities current() {
        SpawnCapabilities current = find();
        if (!current.engine.equals(NO_ENGINE)) {
            Log.once(current);
        }
        return current;
    }

    /** The same without a word in the log. */
    static SpawnCapabilities find() {
        try {
            return of(CurrentEngine.current());
        } catch (SpawnException noEngine) {
            return new SpawnCapabilities(NO_ENGINE, String.valueOf(noEngine.getMessage()), List.of());
        }
    }

    /** How an engine was chosen, and below what it can do. */
    static SpawnCapabilities of(EngineChoice choice) {
        List<HostAbility> rows = new ArrayList<>(choice.refused());
        rows.add(new HostAbility("engine " + choice.provider().name(), true, choice.why()));
        try {
            rows.addAll(choice.provider().abilities());
        } catch (SecurityException refused) {
            rows.add(new HostAbility(
                    "abilities",
                    false,
                    "the security manager refuses what it takes to try them: " + refused.getMessage()));
        }
        return new SpawnCapabilities(choice.provider().name(), choice.provider().mechanism(), rows);
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
     * By which means that engine starts children, or why there is none.
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
    public List<HostAbility> rows() {
        return rows;
    }

    /** Says at DEBUG what runs, the first time. Whoever asks for this table does not mind that SLF4J comes up. */
    private static final class Log {
        private static final AtomicBoolean SAID = new AtomicBoolean();

        private Log() {}

        static void once(SpawnCapabilities capabilities) {
            if (!SAID.getAndSet(true)) {
                try {
                    LoggerFactory.getLogger(SpawnCapabilities.class).debug("spawn4j engine {}", capabilities.summary());
                } catch (SecurityException | LinkageError noLog) {
                    // SLF4J may not come up for this caller, who has asked for the table and no more.
                }
            }
        }
    }

    /** All of it in one line. */
    private String summary() {
        return rows.stream()
                .map(row -> row.name() + "=" + (row.available() ? "yes" : "no"))
                .collect(Collectors.joining(", ", engine + " (" + why + "): ", ""));
    }

    /**
     * The table, its columns aligned: name, yes or no, how it was found out.
     *
     * @return several lines without a line end after the last
     */
    @Override
    public String toString() {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        return rows.stream()
                .map(row -> ("%-" + Math.max(width, 1) + "s  %-3s  %s")
                        .formatted(row.name(), row.available() ? "yes" : "no", row.how()))
                .collect(Collectors.joining(
                        "\n", "engine: " + engine + " (" + why + ")" + (rows.isEmpty() ? "" : "\n"), ""));
    }
}
