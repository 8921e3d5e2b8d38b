// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.SpawnProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of the installed engines runs, and which better ones were refused on the way.
 *
 * @param provider the engine that runs
 * @param why one clause
 * @param refused what would have been preferred, each with the reason why it cannot run
 */
record EngineChoice(SpawnProvider provider, String why, List<HostAbility> refused) {
    static final String PROPERTY = "io.spawn4j.engine";

    /**
     * Chooses.
     *
     * @param installed all providers that could be loaded
     * @param unloadable those that could not
     * @param forced the value of {@value #PROPERTY}, if it is set
     */
    static EngineChoice among(List<SpawnProvider> installed, List<HostAbility> unloadable, @Nullable String forced)
            throws SpawnException {
        return forced == null ? best(installed, unloadable) : named(installed, unloadable, forced);
    }

    private static EngineChoice best(List<SpawnProvider> installed, List<HostAbility> unloadable)
            throws SpawnException {
        List<HostAbility> refused = new ArrayList<>(unloadable);
        for (SpawnProvider provider : bestFirst(installed)) {
            Optional<String> unavailable = provider.unavailable();
            if (unavailable.isEmpty()) {
                return new EngineChoice(provider, "the best engine that can run here", List.copyOf(refused));
            }
            refused.add(new HostAbility("engine " + provider.name(), false, unavailable.get()));
        }
        throw failure(
                refused.isEmpty()
                        ? "no spawn4j engine is installed: add the module spawn-native (io.spawn4j:spawn-native)"
                                + " to the class path or module path"
                        : "no spawn4j engine can run here: " + reasons(refused));
    }

    // By hand: this is on the way to the first child of a JVM, where a comparator's classes cost more than they save.
    private static List<SpawnProvider> bestFirst(List<SpawnProvider> installed) {
        List<SpawnProvider> sorted = new ArrayList<>(installed.size());
        for (SpawnProvider provider : installed) {
            int at = 0;
            while (at < sorted.size() && sorted.get(at).priority() >= provider.priority()) {
                at++;
            }
            sorted.add(at, provider);
        }
        return sorted;
    }

    private static EngineChoice named(List<SpawnProvider> installed, List<HostAbility> unloadable, String forced)
            throws SpawnException {
        for (SpawnProvider provider : installed) {
            if (provider.name().equals(forced)) {
                Optional<String> unavailable = provider.unavailable();
                if (unavailable.isPresent()) {
                    throw failure(
                            "-D" + PROPERTY + "=" + forced + ": this engine cannot run here: " + unavailable.get());
                }
                return new EngineChoice(provider, "forced by -D" + PROPERTY, List.of());
            }
        }
        String names = installed.stream().map(SpawnProvider::name).collect(Collectors.joining(", "));
        throw failure("-D" + PROPERTY + "=" + forced + ": no such engine; installed: "
                + (names.isEmpty() ? "none, add the module spawn-native" : names)
                + (unloadable.isEmpty() ? "" : "; not loadable: " + reasons(unloadable)));
    }

    private static SpawnException failure(String message) {
        return new SpawnException(message, SpawnStage.SPAWNER, 0, "", null);
    }

    private static String reasons(List<HostAbility> refused) {
        return refused.stream().map(row -> row.name() + ": " + row.how()).collect(Collectors.joining("; "));
    }
}
