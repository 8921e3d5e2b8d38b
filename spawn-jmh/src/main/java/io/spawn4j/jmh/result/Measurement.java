// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.suite.Cell;
import java.util.Map;
import java.util.Optional;

/**
 * What one fork of one contender gave.
 *
 * @param figures by {@link Figure#key()}, and system calls by {@link Figure#SYSCALL_PREFIX} and their name
 */
public record Measurement(int round, Cell cell, Map<String, Double> figures) {
    /**
     * Copies the figures.
     *
     * @throws IllegalArgumentException if nothing was measured, nothing was spawned, or a figure is not finite
     */
    public Measurement {
        figures = Map.copyOf(figures);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("measured nothing");
        }
        figures.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " is " + value);
            }
        });
        if (figures.getOrDefault(Figure.RATE.key(), 1.0) <= 0) {
            throw new IllegalArgumentException("spawned nothing");
        }
    }

    public Optional<Double> figure(Figure figure) {
        return Optional.ofNullable(figures.get(figure.key()));
    }
}
