// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Command;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;

class SuiteTest {
    @ParameterizedTest
    @EnumSource
    void noTwoScenariosShareAnIdNorTwoOfASuiteOrTwoPicturesTheirWords(Length length) {
        assertThat(scenarios(length).map(Scenario::id)).isNotEmpty().doesNotHaveDuplicates();
        assertThat(Suite.values())
                .allSatisfy(suite -> assertThat(suite.scenarios(length).stream().map(Scenario::label))
                        .doesNotHaveDuplicates());
        assertThat(Stream.of(Suite.values())
                        .filter(suite -> suite.shape() == Suite.Shape.BARS)
                        .flatMap(suite -> suite.scenarios(length).stream())
                        .map(Scenario::label))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void everyScenarioHasContendersAndNoneTwice(Length length) {
        assertThat(scenarios(length)).allSatisfy(scenario -> {
            assertThat(scenario.contenders()).isNotEmpty();
            assertThat(scenario.everyone()).doesNotHaveDuplicates();
            assertThat(scenario.rounds()).isPositive();
            assertThat(scenario.threads()).isPositive();
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyContenderCanDoWhatItsScenariosAskFor(Length length) {
        assertThat(Cells.all(length)).allSatisfy(cell -> {
            Method method = cell.scenario().method();
            assertThat(cell.contender().supports(command(cell.scenario())))
                    .as(cell.id())
                    .isTrue();
            if (method != Method.SPAWN && method != Method.SYSCALLS && method != Method.ENDURANCE) {
                assertThat(cell.contender().startsChildren()).as(cell.id()).isTrue();
            }
            if (method == Method.EXIT_TO_CALLBACK || method == Method.THROUGH_CAT) {
                assertThat(cell.contender().group()).as(cell.id()).isNotEqualTo(Contender.Group.C);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"SMOKE", "FULL"})
    void everyContenderTakesPartInARunThatLeavesNothingOut(Length length) {
        Set<Contender> taking = Cells.all(length).stream()
                .map(Cell::contender)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Contender.class)));

        assertThat(taking).containsExactlyInAnyOrder(Contender.values());
    }

    @ParameterizedTest
    @EnumSource(names = {"SMOKE", "FULL"})
    void everySuiteAndMethodTakesPartInARunThatLeavesNothingOut(Length length) {
        assertThat(Suite.values())
                .allSatisfy(suite -> assertThat(suite.scenarios(length)).isNotEmpty());
        assertThat(scenarios(length).map(Scenario::method)).contains(Method.values());
    }

    @ParameterizedTest
    @EnumSource
    void anotherOneIsFirstInEveryRound(Length length) {
        assertThat(scenarios(length))
                .filteredOn(scenario -> scenario.contenders().size() > 1)
                .allSatisfy(scenario -> {
                    for (int round = 1; round < scenario.rounds(); round++) {
                        assertThat(scenario.contendersOf(round).get(0))
                                .isNotEqualTo(scenario.contendersOf(round - 1).get(0));
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void othersRunInTheFirstRoundOnlyAndTheRestInEach(Length length) {
        assertThat(scenarios(length)).allSatisfy(scenario -> {
            assertThat(scenario.contendersOf(0)).containsExactlyElementsOf(scenario.everyone());
            for (int round = 1; round < scenario.rounds(); round++) {
                assertThat(scenario.contendersOf(round)).containsExactlyInAnyOrderElementsOf(scenario.contenders());
            }
            assertThat(scenario.contendersOf(scenario.rounds())).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FRESH")
    void methodIsABenchmarkThatTakesTheContender(Method method) throws Exception {
        Class<?> type = benchmark(method);
        String name = method.qualifiedName().substring(type.getName().length() + 1);
        java.lang.reflect.Method called = type.getMethod(name);

        assertThat(called.isAnnotationPresent(Benchmark.class)).isTrue();
        assertThat(type.getField("contender").isAnnotationPresent(Param.class)).isTrue();
        assertThat(mode(called)).isEqualTo(method.once() ? Mode.SingleShotTime : Mode.Throughput);
    }

    @ParameterizedTest
    @EnumSource
    void parameterIsAFieldOfTheBenchmarkAndItsValueFits(Length length) {
        assertThat(scenarios(length).filter(scenario -> scenario.method().byJmh()))
                .allSatisfy(scenario -> scenario.parameters().forEach((name, value) -> {
                    Field field = assertField(benchmark(scenario.method()), name);
                    assertThatCode(() -> parse(field.getType(), value))
                            .as("%s of %s: %s", name, scenario.id(), value)
                            .doesNotThrowAnyException();
                }));
    }

    @Test
    void methodOutsideJmhIsAMainMethod() throws Exception {
        assertThat(Method.values())
                .filteredOn(method -> !method.byJmh())
                .containsExactly(Method.FRESH)
                .allMatch(Method::once);
        assertThat(Method.FRESH.qualifiedName()).endsWith(".main");
        assertThat(benchmark(Method.FRESH).getMethod("main", String[].class)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void freshJvmIsAskedForTheFiguresOfItsSuite(Length length) {
        assertThat(scenarios(length).filter(scenario -> !scenario.method().byJmh()))
                .isNotEmpty()
                .allSatisfy(scenario -> {
                    List<Figure> asked = Stream.of(
                                    scenario.parameter("children").split(",", -1))
                            .map(child -> Figure.until(Integer.parseInt(child)))
                            .toList();
                    assertThat(Figure.ofRamp()).startsWith(asked.toArray(Figure[]::new));
                    assertThat(HeadStart.of(scenario)).isNotNull();
                });
    }

    @Test
    void firstChildIsMeasuredOnBothJdksWithWhatEachHas() {
        assertThat(Suite.FIRST.scenarios(Length.FULL))
                .extracting(Scenario::id)
                .containsExactly(
                        "first.jdk17.plain",
                        "first.jdk17.cds",
                        "first.jdk17.prepared",
                        "first.jdk25.plain",
                        "first.jdk25.cds",
                        "first.jdk25.aot",
                        "first.jdk25.prepared");
        assertThat(Suite.FIRST.scenarios(Length.FULL))
                .extracting(Scenario::label)
                .contains("JDK 25, AOT cache");
        assertThat(Suite.FIRST.scenarios(Length.FULL))
                .allSatisfy(scenario -> assertThat(scenario.rounds()).isGreaterThanOrEqualTo(15));
        assertThat(Suite.FIRST.scenarios(Length.SMOKE))
                .allSatisfy(scenario -> assertThat(scenario.rounds()).isOne());
    }

    @Test
    void curveHasPositionsInOrderAndNamesItsAxis() {
        for (Suite suite : Suite.values()) {
            if (suite.shape() == Suite.Shape.CURVE) {
                assertThat(suite.scenarios(Length.FULL).stream()
                                .map(Scenario::x)
                                .filter(x -> !x.isNaN()))
                        .hasSizeGreaterThan(2)
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertThat(suite.xLabel()).isNotBlank();
            } else {
                assertThat(suite.scenarios(Length.FULL).stream().map(Scenario::x))
                        .allMatch(x -> x.isNaN());
                assertThatThrownBy(suite::xLabel).hasMessage(suite + " is no curve");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void timingIsPositiveAndWarmsUpUnlessThereIsOneCallOnly(Length length) {
        assertThat(Cells.all(length)).allSatisfy(cell -> {
            Timing timing = cell.scenario().timing();
            assertThat(timing.measuredMillis()).isPositive();
            assertThat(timing.warmupMillis() == 0)
                    .as(cell.id())
                    .isEqualTo(cell.scenario().method().once());
            assertThat(timing.millis())
                    .isEqualTo(timing.warmupMillis() + timing.measuredMillis() + timing.preparingMillis());
        });
    }

    private static Stream<Scenario> scenarios(Length length) {
        return Stream.of(Suite.values()).flatMap(suite -> suite.scenarios(length).stream());
    }

    private static Command command(Scenario scenario) {
        Map<String, String> parameters = scenario.parameters();
        Command command = Command.of(
                Program.valueOf(parameters.getOrDefault("program", "TINY")),
                Streams.valueOf(parameters.getOrDefault("streams", "PIPES")));
        return parameters.getOrDefault("changedEnvironment", "false").equals("true")
                ? command.withVariable("NAME", "value")
                : command;
    }

    private static Class<?> benchmark(Method method) {
        String name = method.qualifiedName();
        try {
            return Class.forName(name.substring(0, name.lastIndexOf('.')));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Mode mode(java.lang.reflect.Method called) {
        BenchmarkMode mode = called.isAnnotationPresent(BenchmarkMode.class)
                ? called.getAnnotation(BenchmarkMode.class)
                : called.getDeclaringClass().getAnnotation(BenchmarkMode.class);
        assertThat(mode.value()).hasSize(1);
        return mode.value()[0];
    }

    private static Field assertField(Class<?> type, String name) {
        Set<String> parameters = Arrays.stream(type.getFields())
                .filter(field -> field.isAnnotationPresent(Param.class))
                .map(Field::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(parameters).contains(name);
        try {
            return type.getField(name);
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static void parse(Class<?> type, String value) {
        if (type == int.class) {
            Integer.parseInt(value);
        } else if (type == long.class) {
            Long.parseLong(value);
        } else if (type == boolean.class) {
            assertThat(List.of("true", "false")).contains(value);
        } else {
            assertThat(Stream.of(type.getEnumConstants()).map(Object::toString)).contains(value);
        }
    }
}
