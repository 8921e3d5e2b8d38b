// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation on {@link SpawnBuilder#environment()} is done on ProcessBuilder's map too, and must come to the same.
 */
class SpawnEnvironmentTest {
    private static final List<String> NAMES = Arrays.asList("A", "NEW", "", "=", "A=", "=A", "A=B", "A\0", "\0", null);
    private static final List<String> VALUES = Arrays.asList("v", "", "=", "a=b", "v\0", "\0", null);
    private static final List<Object> QUERIES = Arrays.asList(
            "A",
            "one",
            "NEW",
            "",
            "A\0",
            "A=one",
            null,
            1,
            new StringBuilder("A"),
            Map.entry("A", "one"),
            Map.entry("A", "other"),
            new SimpleEntry<>(null, "one"),
            new SimpleEntry<>("A", null),
            new SimpleEntry<>(1, "one"),
            new SimpleEntry<>("A", 1));

    private interface Operation {
        Object on(Map<String, String> map) throws Exception;
    }

    private static Map<String, String> filled(Map<String, String> map) {
        map.clear();
        map.put("A", "one");
        map.put("B", "two");
        map.put("C", "one");
        return map;
    }

    /** Types, results and what is in the map afterwards; messages where the library promises them. */
    private static void sameOnBoth(Operation operation) {
        Map<String, String> jdk = filled(new ProcessBuilder("x").environment());
        Map<String, String> ours = filled(new SpawnBuilder("x").environment());
        Outcome expected = Outcome.of(() -> operation.on(jdk));
        Outcome actual = Outcome.of(() -> operation.on(ours));

        if (expected.thrown() == IllegalArgumentException.class) {
            assertThat(actual).isEqualTo(expected);
        } else {
            assertThat(actual.typeOnly()).isEqualTo(expected.typeOnly());
        }
        assertThat(new TreeMap<>(ours)).isEqualTo(new TreeMap<>(jdk));
    }

    static Stream<Arguments> namesAndValues() {
        return NAMES.stream().flatMap(name -> VALUES.stream().map(value -> Arguments.of(name, value)));
    }

    @ParameterizedTest
    @MethodSource("namesAndValues")
    @DisplayName("F23: a NUL in a name or value, or '=' in a name, is refused")
    void putsAlike(String name, String value) {
        sameOnBoth(map -> map.put(name, value));
        sameOnBoth(map -> map.putIfAbsent(name, value));
        sameOnBoth(map -> map.replace(name, value));
        sameOnBoth(map -> map.computeIfAbsent(name, key -> value));
        sameOnBoth(map -> map.compute(name, (key, old) -> value));
        sameOnBoth(map -> map.merge(name, value, String::concat));
        sameOnBoth(map -> {
            Map<String, String> more = new LinkedHashMap<>();
            more.put("D", "four");
            more.put(name, value);
            map.putAll(more);
            return map.get("D");
        });
    }

    @ParameterizedTest
    @FieldSource("VALUES")
    @DisplayName("F23: an entry refuses a value with NUL")
    void entriesSetAlike(String value) {
        sameOnBoth(map -> {
            map.keySet().retainAll(Set.of("A"));
            Map.Entry<String, String> entry = map.entrySet().iterator().next();
            return entry.setValue(value) + entry;
        });
        sameOnBoth(map -> {
            map.replaceAll((name, old) -> value);
            return map.get("C");
        });
    }

    @ParameterizedTest
    @FieldSource("QUERIES")
    void answersAlike(Object query) {
        sameOnBoth(map -> map.get(query));
        sameOnBoth(map -> map.containsKey(query));
        sameOnBoth(map -> map.containsValue(query));
        sameOnBoth(map -> map.getOrDefault(query, "default"));
        sameOnBoth(map -> map.keySet().contains(query));
        sameOnBoth(map -> map.values().contains(query));
        sameOnBoth(map -> map.entrySet().contains(query));
        sameOnBoth(map -> map.keySet().containsAll(Arrays.asList("A", query)));
    }

    @ParameterizedTest
    @FieldSource("QUERIES")
    void removesAlike(Object query) {
        sameOnBoth(map -> map.remove(query));
        sameOnBoth(map -> map.remove(query, "one"));
        sameOnBoth(map -> map.remove("A", query));
        sameOnBoth(map -> map.keySet().remove(query));
        sameOnBoth(map -> map.values().removeAll(Set.of("one")));
        sameOnBoth(map -> map.entrySet().remove(query));
        sameOnBoth(map -> map.keySet().removeAll(Arrays.asList(query)));
        sameOnBoth(map -> map.keySet().removeAll(Arrays.asList(query, "B", "C", "D")));
        sameOnBoth(map -> map.keySet().retainAll(Arrays.asList(query, "B")));
    }

    @Test
    void removesOneOfTwoEqualValues() {
        sameOnBoth(map -> map.values().remove("one") + " " + map.size());
    }

    @Test
    void addsThroughNoView() {
        sameOnBoth(map -> map.keySet().add("D"));
        sameOnBoth(map -> map.values().add("D"));
        sameOnBoth(map -> map.entrySet().add(Map.entry("D", "four")));
    }

    @Test
    void iteratorsRemoveAlike() {
        sameOnBoth(map -> removeAllWith(map.keySet().iterator()));
        sameOnBoth(map -> removeAllWith(map.values().iterator()));
        sameOnBoth(map -> removeAllWith(map.entrySet().iterator()));
        sameOnBoth(map -> {
            map.keySet().iterator().remove();
            return null;
        });
        sameOnBoth(map -> {
            Iterator<String> names = map.keySet().iterator();
            names.next();
            map.put("D", "four");
            return names.next();
        });
    }

    private static int removeAllWith(Iterator<?> iterator) {
        int removed = 0;
        while (iterator.hasNext()) {
            iterator.next();
            iterator.remove();
            removed++;
        }
        return removed;
    }

    @Test
    void viewsAreLive() {
        sameOnBoth(map -> {
            Set<String> names = map.keySet();
            map.put("D", "four");
            map.remove("A");
            return new ArrayList<>(new HashSet<>(names)).size() + " " + names.contains("D") + names.contains("A");
        });
        sameOnBoth(map -> {
            map.entrySet().clear();
            return map.isEmpty();
        });
        sameOnBoth(map -> {
            map.values().clear();
            return map.size() + map.keySet().size();
        });
        sameOnBoth(map -> {
            map.keySet().clear();
            return map;
        });
    }

    @Test
    void equalsAndPrintsAsAMap() {
        Map<String, String> ours = filled(new SpawnBuilder("x").environment());
        assertThat(ours).isEqualTo(new LinkedHashMap<>(ours)).hasSameHashCodeAs(new LinkedHashMap<>(ours));
        assertThat(ours.entrySet()).isEqualTo(new LinkedHashMap<>(ours).entrySet());
        assertThat(ours).hasToString("{A=one, B=two, C=one}");
        assertThat(ours.equals(null)).isFalse();
    }

    @Test
    void beginsAsTheJvmsOwn() {
        assertThat(new SpawnBuilder("x").environment())
                .isEqualTo(System.getenv())
                .isEqualTo(new ProcessBuilder("x").environment());
        assertThat(new SpawnBuilder("x").environment().keySet())
                .as("in the JVM's order")
                .containsExactlyElementsOf(System.getenv().keySet());
    }

    @Test
    void isOneLiveMapPerBuilder() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("x");
        Map<String, String> map = builder.environment();
        map.put("SPAWN4J_TEST", "1");

        assertThat(builder.environment()).isSameAs(map);
        assertThat(builder.request().environment()).containsEntry("SPAWN4J_TEST", "1");
        assertThat(new SpawnBuilder("x").environment()).doesNotContainKey("SPAWN4J_TEST");
    }

    @Test
    void isNotPassedUntilAskedFor() throws Exception {
        assertThat(new SpawnBuilder("x").request().environment()).isNull();
    }

    @Test
    void isPassedWhenEmpty() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("x");
        builder.environment().clear();
        assertThat(builder.request().environment()).isEmpty();
    }

    @Test
    void engineCannotChangeIt() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("x");
        builder.environment();
        Map<String, String> passed = builder.request().environment();
        assertThatThrownBy(passed::clear).isInstanceOf(UnsupportedOperationException.class);
    }
}
