// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import io.spawn4j.jmh.contender.Contender;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One thing that is measured for every contender that takes part.
 *
 * @param id a short name to select it by, such as {@code tiny.t1}; unique among all suites
 * @param label the same in words
 * @param x where it lies on its suite's curve; NaN where it is not on it
 * @param method which benchmark
 * @param parameters of the benchmark, besides the contender
 * @param threads how many callers
 * @param timing how long one of its forks runs
 * @param contenders who takes part in every round, in the order of the first
 * @param others who takes part in the first round only
 * @param rounds how many there are
 */
public record Scenario(
        String id,
        String label,
        double x,
        Method method,
        Map<String, String> parameters,
        int threads,
        Launch launch,
        Timing timing,
        List<Contender> contenders,
        List<Contender> others,
        int rounds) {
    /** Fewer give no interval that holds the true median with 95 %. */
    public static final int ROUNDS_FOR_AN_INTERVAL = 6;

    public Scenario {
        parameters = Map.copyOf(parameters);
        contenders = List.copyOf(contenders);
        others = List.copyOf(others);
    }

    static Scenario of(String id, String label, Method method, Timing timing) {
        return new Scenario(id, label, Double.NaN, method, Map.of(), 1, Launch.PLAIN, timing, List.of(), List.of(), 1);
    }

    Scenario at(double position) {
        return new Scenario(
                id, label, position, method, parameters, threads, launch, timing, contenders, others, rounds);
    }

    Scenario with(String parameter, Object value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value.toString());
        return new Scenario(id, label, x, method, more, threads, launch, timing, contenders, others, rounds);
    }

    Scenario callers(int count) {
        return new Scenario(id, label, x, method, parameters, count, launch, timing, contenders, others, rounds);
    }

    Scenario launched(Launch how) {
        return new Scenario(id, label, x, method, parameters, threads, how, timing, contenders, others, rounds);
    }

    Scenario lasting(Timing howLong) {
        return new Scenario(id, label, x, method, parameters, threads, launch, howLong, contenders, others, rounds);
    }

    /** The same with so many rounds. */
    public Scenario inRounds(int count) {
        return new Scenario(id, label, x, method, parameters, threads, launch, timing, contenders, others, count);
    }

    Scenario among(List<Contender> who) {
        return new Scenario(id, label, x, method, parameters, threads, launch, timing, who, others, rounds);
    }

    Scenario among(Contender... who) {
        return among(List.of(who));
    }

    Scenario andOnce(List<Contender> who) {
        return new Scenario(id, label, x, method, parameters, threads, launch, timing, contenders, who, rounds);
    }

    /** A parameter that it has. */
    public String parameter(String name) {
        return Optional.ofNullable(parameters.get(name))
                .orElseThrow(() -> new IllegalArgumentException(id + " has no parameter " + name));
    }

    /** Who runs in a round, counted from 0; another one is first in each. */
    public List<Contender> contendersOf(int round) {
        if (round >= rounds) {
            return List.of();
        }
        List<Contender> running = new ArrayList<>(contenders);
        if (round == 0) {
            running.addAll(others);
        }
        Collections.rotate(running, -round);
        return running;
    }

    /** Everyone who takes part. */
    public List<Contender> everyone() {
        return Stream.concat(contenders.stream(), others.stream()).toList();
    }
}
