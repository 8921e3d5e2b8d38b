// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Collects the values of settings, each of which is set once. The settings are methods of its subclasses, each of which
 * adds those of one subject and extends the one before; the last is the policy's builder. A new setting takes a key in
 * {@link Setting}, a method in one of the subclasses, and a getter of the policy.
 *
 * @param <B> the builder, which each method returns. Without a bound: what it erases to is in the descriptors of public
 *     methods, and so has to be public.
 */
abstract class SettingsBuilder<B> {
    final Map<Setting<?>, Object> values;
    private final Set<String> setHere = new HashSet<>();

    SettingsBuilder(Map<Setting<?>, Object> values) {
        this.values = new HashMap<>(values);
    }

    abstract B self();

    <T> B set(Setting<T> setting, T value) {
        Objects.requireNonNull(value, setting.toString());
        once(setting);
        setting.put(values, value);
        return self();
    }

    void once(Object what) {
        if (!setHere.add(what.toString())) {
            throw new IllegalStateException(what + " is already set");
        }
    }

    void excludes(Setting<?> setting, Setting<?>... others) {
        for (Setting<?> other : others) {
            if (values.containsKey(other)) {
                throw new IllegalStateException(setting + " contradicts " + other);
            }
        }
    }

    <T> B setBesideContainment(Setting<T> setting, T value) {
        Objects.requireNonNull(value, setting.toString());
        Map<Setting<?>, Object> next = new HashMap<>(values);
        setting.put(next, value);
        ContainmentCheck.contradictions(setting, next);
        return set(setting, value);
    }
}
