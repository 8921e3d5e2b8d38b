// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Scenarios that belong together: they answer one question, in one section of the report. */
@SuppressWarnings("ImmutableEnumChecker") // List.of's lists do not change, nor do the functions
public enum Suite {
    /** Starting a program and waiting for it, on all CPUs. */
    RATES(SpawnScenarios::everywhere, "Spawn and wait", C_POSIX_SPAWN, PROCESS_BUILDER),
    /** The same on one CPU: the work, without wake-ups across CPUs. */
    ONE_CPU(SpawnScenarios::onOneCpu, "Spawn and wait, on one CPU", C_POSIX_SPAWN, PROCESS_BUILDER),
    /** Other programs, streams and numbers of callers. */
    VARIATIONS(SpawnScenarios::variations, "Shells, callers, streams", C_POSIX_SPAWN, PROCESS_BUILDER),
    /** With many descriptors open in the JVM. */
    DESCRIPTORS(
            GrowthScenarios::descriptors,
            "Open descriptors",
            C_POSIX_SPAWN,
            PROCESS_BUILDER,
            "descriptors open in the JVM"),
    /** In a JVM whose heap is in memory. */
    HEAP(GrowthScenarios::heap, "Touched heap", C_POSIX_SPAWN, PROCESS_BUILDER, "GiB of heap, all of it touched"),
    /** Beside children that live on. */
    LIVE(GrowthScenarios::live, "Live children", C_POSIX_SPAWN, PROCESS_BUILDER, "other children alive"),
    /** With much to pass on. */
    ENVIRONMENT(
            GrowthScenarios::environment,
            "Size of the environment",
            C_POSIX_SPAWN,
            PROCESS_BUILDER,
            "bytes more of environment, passed on unchanged"),
    /** The same, with one variable added for each child. */
    CHANGED_ENVIRONMENT(
            GrowthScenarios::changedEnvironment,
            "Size of a changed environment",
            SPAWN4J_CLONE3,
            PROCESS_BUILDER,
            "bytes more of environment, and one variable for this child"),
    /** With many arguments. */
    ARGUMENTS(
            GrowthScenarios::arguments,
            "Size of the arguments",
            C_POSIX_SPAWN,
            PROCESS_BUILDER,
            "bytes of arguments, 100 each"),
    /** What each setting costs. */
    POLICIES(SpawnScenarios::policies, "Policies", SPAWN4J_CLONE3, PROCESS_BUILDER),
    /** Holding the child's tree, or changing its credentials, beside plain starts. */
    CONTAINED(SpawnScenarios::contained, "Containment and credentials", PROCESS_BUILDER, SPAWN4J_CLONE3),
    /** What a JVM that starts only one program pays. */
    FIRST(
            FreshScenarios::first,
            "The first child of a JVM",
            Shape.GRID,
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(Figure.UNTIL_1)),
    /** How soon a JVM that starts more of them is faster. */
    RAMP(
            FreshScenarios::ramp,
            "The first 10,000 children of a JVM",
            Shape.RAMP,
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            Figure.ofRamp()),
    /** How long the caller is kept. */
    START(LatencyScenarios::start, "start(), with 4 callers", C_POSIX_SPAWN, PROCESS_BUILDER, Figure.ofLatencies()),
    /** Who waits, and how soon he knows. */
    EXIT(
            LatencyScenarios::exitToWaiter,
            "From exit to the waiting thread",
            C_POSIX_SPAWN,
            PROCESS_BUILDER,
            Figure.ofLatencies()),
    /** Who registered a function, and how soon it runs. */
    CALLBACK(
            LatencyScenarios::exitToCallback,
            "From exit to the callback",
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            Figure.ofLatencies()),
    /** How soon a killed child is known to be gone. */
    KILL(LatencyScenarios::killToGone, "From kill to gone", C_POSIX_SPAWN, PROCESS_BUILDER, Figure.ofLatencies()),
    /** Much output. */
    OUTPUT(ByteScenarios::many, "Bytes", PROCESS_BUILDER, SPAWN4J_CLONE3, List.of(Figure.THROUGHPUT)),
    /** Little output of many children. */
    SHORT_OUTPUT(ByteScenarios::few, "Short outputs", PROCESS_BUILDER, SPAWN4J_CLONE3),
    /** What a live child costs. */
    FOOTPRINT(
            OnceScenarios::footprint,
            "What a live child costs",
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(Figure.HEAP_PER_CHILD, Figure.RESIDENT_PER_CHILD, Figure.DESCRIPTORS_PER_CHILD, Figure.THREADS)),
    /** System calls, counted by strace. */
    SYSCALLS(OnceScenarios::syscalls, "System calls", C_POSIX_SPAWN, PROCESS_BUILDER, List.of(Figure.SYSCALLS)),
    /** Virtual threads. */
    VIRTUAL_THREADS(
            OnceScenarios::virtualThreads,
            "Virtual threads",
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(Figure.SECONDS, Figure.PINNED)),
    /** A million children. */
    ENDURANCE(
            OnceScenarios::endurance,
            "Endurance",
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(
                    Figure.FIRST,
                    Figure.LAST,
                    Figure.LAST_TO_FIRST,
                    Figure.LAST_TO_FIRST_C,
                    Figure.LAST_TO_FIRST_BESIDE_C,
                    Figure.MORE_DESCRIPTORS,
                    Figure.MORE_THREADS,
                    Figure.MORE_CHILDREN,
                    Figure.MORE_RESIDENT));

    /** How a section shows its scenarios. */
    public enum Shape {
        /** A picture and a table for each, of rates. */
        BARS,
        /** One picture and one table for all, of rates against {@link Scenario#x}. */
        CURVE,
        /** A table for each. */
        TABLE,
        /** One table for all of each figure: a column for each. */
        GRID,
        /** A picture and a table for each, of {@link Figure#ofRamp}. */
        RAMP
    }

    private final Function<Length, List<Scenario>> scenarios;
    private final String title;
    private final Shape shape;
    private final Contender reference;
    private final Contender secondReference;
    private final List<Figure> figures;
    private final Optional<String> xLabel;

    /** Of rates, each scenario for itself. */
    Suite(Function<Length, List<Scenario>> scenarios, String title, Contender reference, Contender secondReference) {
        this(scenarios, title, Shape.BARS, reference, secondReference, Figure.ofRates(), Optional.empty());
    }

    /** Of rates along a curve. */
    Suite(
            Function<Length, List<Scenario>> scenarios,
            String title,
            Contender reference,
            Contender secondReference,
            String xLabel) {
        this(scenarios, title, Shape.CURVE, reference, secondReference, Figure.ofRates(), Optional.of(xLabel));
    }

    /** Of other figures. */
    Suite(
            Function<Length, List<Scenario>> scenarios,
            String title,
            Contender reference,
            Contender secondReference,
            List<Figure> figures) {
        this(scenarios, title, Shape.TABLE, reference, secondReference, figures);
    }

    /** Of other figures, shown otherwise. */
    Suite(
            Function<Length, List<Scenario>> scenarios,
            String title,
            Shape shape,
            Contender reference,
            Contender secondReference,
            List<Figure> figures) {
        this(scenarios, title, shape, reference, secondReference, figures, Optional.empty());
    }

    Suite(
            Function<Length, List<Scenario>> scenarios,
            String title,
            Shape shape,
            Contender reference,
            Contender secondReference,
            List<Figure> figures,
            Optional<String> xLabel) {
        this.scenarios = scenarios;
        this.title = title;
        this.shape = shape;
        this.reference = reference;
        this.secondReference = secondReference;
        this.figures = figures;
        this.xLabel = xLabel;
    }

    /** Its scenarios in a run of that length; a short run leaves some out. */
    public List<Scenario> scenarios(Length length) {
        return scenarios.apply(length);
    }

    public String title() {
        return title;
    }

    public Shape shape() {
        return shape;
    }

    /** Whose figures the others' are divided by. */
    public Contender reference() {
        return reference;
    }

    /** Whose rate the others' is divided by besides. */
    public Contender secondReference() {
        return secondReference;
    }

    /** Which figures its tables show. */
    public List<Figure> figures() {
        return figures;
    }

    /** What a curve's {@link Scenario#x} means. */
    public String xLabel() {
        return xLabel.orElseThrow(() -> new UnsupportedOperationException(this + " is no curve"));
    }
}
