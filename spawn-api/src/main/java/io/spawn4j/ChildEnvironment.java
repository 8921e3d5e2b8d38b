// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a child, with the rules of {@link ProcessBuilder#environment()}: nothing null and nothing that the
 * kernel's {@code name=value} strings could not hold gets in (a NUL would end one variable and an injected one could
 * follow), and a question about anything but a String is an error, not a no.
 */
final class ChildEnvironment extends AbstractMap<String, String> {
    private final Map<String, String> variables;

    private ChildEnvironment(Map<String, String> variables) {
        this.variables = variables;
    }

    static ChildEnvironment ofThisJvm() {
        return new ChildEnvironment(new LinkedHashMap<>(System.getenv()));
    }

    @Override
    public @Nullable String put(String name, String value) {
        return variables.put(checkedName(name), checkedValue(value));
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        return variables.get(string(name));
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return variables.containsKey(string(name));
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return variables.containsValue(string(value));
    }

    @Override
    public @Nullable String remove(@Nullable Object name) {
        return variables.remove(string(name));
    }

    @Override
    public int size() {
        return variables.size();
    }

    @Override
    public void clear() {
        variables.clear();
    }

    @Override
    public Set<String> keySet() {
        return new CheckedSet<>(variables.keySet(), ChildEnvironment::string, Function.identity());
    }

    @Override
    public Collection<String> values() {
        return new CheckedValues(variables.values());
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new CheckedSet<>(variables.entrySet(), ChildEnvironment::entry, CheckedEntry::new);
    }

    private static String checkedName(String name) {
        if (name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Invalid environment variable name: \"" + name + "\"");
        }
        return name;
    }

    private static String checkedValue(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Invalid environment variable value: \"" + value + "\"");
        }
        return value;
    }

    private static String string(@Nullable Object query) {
        return (String) Objects.requireNonNull(query);
    }

    private static Map.Entry<String, String> entry(@Nullable Object query) {
        Map.Entry<?, ?> entry = (Map.Entry<?, ?>) Objects.requireNonNull(query);
        return Map.entry(string(entry.getKey()), string(entry.getValue()));
    }

    /** A live view of names or entries: removes but does not add, and checks what it is asked for. */
    private static final class CheckedSet<E> extends AbstractSet<E> {
        private final Set<E> elements;
        private final Function<@Nullable Object, E> query;
        private final Function<E, E> wrapper;

        CheckedSet(Set<E> elements, Function<@Nullable Object, E> query, Function<E, E> wrapper) {
            this.elements = elements;
            this.query = query;
            this.wrapper = wrapper;
        }

        @Override
        public Iterator<E> iterator() {
            return new MappedIterator<>(elements.iterator(), wrapper);
        }

        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public boolean contains(@Nullable Object element) {
            return elements.contains(query.apply(element));
        }

        @Override
        public boolean remove(@Nullable Object element) {
            return elements.remove(query.apply(element));
        }

        @Override
        public void clear() {
            elements.clear();
        }
    }

    /** A live view of the values. */
    private static final class CheckedValues extends AbstractCollection<String> {
        private final Collection<String> values;

        CheckedValues(Collection<String> values) {
            this.values = values;
        }

        @Override
        public Iterator<String> iterator() {
            return new MappedIterator<>(values.iterator(), Function.identity());
        }

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public boolean contains(@Nullable Object value) {
            return values.contains(string(value));
        }

        @Override
        public boolean remove(@Nullable Object value) {
            return values.remove(string(value));
        }

        @Override
        public void clear() {
            values.clear();
        }
    }

    /** Passes elements through a wrapper. */
    private record MappedIterator<E>(Iterator<E> elements, Function<E, E> wrapper) implements Iterator<E> {
        @Override
        public boolean hasNext() {
            return elements.hasNext();
        }

        @Override
        public E next() {
            return wrapper.apply(elements.next());
        }

        @Override
        public void remove() {
            elements.remove();
        }
    }

    /** An entry that checks what is set. */
    private static final class CheckedEntry implements Map.Entry<String, String> {
        private final Map.Entry<String, String> entry;

        CheckedEntry(Map.Entry<String, String> entry) {
            this.entry = entry;
        }

        @Override
        public String getKey() {
            return entry.getKey();
        }

        @Override
        public String getValue() {
            return entry.getValue();
        }

        @Override
        public String setValue(String value) {
            return entry.setValue(checkedValue(value));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return entry.equals(other);
        }

        @Override
        public int hashCode() {
            return entry.hashCode();
        }

        @Override
        public String toString() {
            return entry.toString();
        }
    }
}
