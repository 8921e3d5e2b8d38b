// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test of what only a spawner thread with a descriptor table of its own can do; some container profiles refuse it
 * one. There the test is excused, not skipped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPrivateTable.Condition.class)
public @interface RequiresPrivateTable {
    /** Asks the engine. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return missing()
                    .map(why -> ConditionEvaluationResult.disabled(Requires.EXCUSE + "PRIVATE_TABLE: " + why))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("the spawner has its own descriptor table"));
        }

        private static Optional<String> missing() {
            return Ability.NATIVE_ENGINE
                    .missing()
                    .or(() -> SpawnerThread.hasPrivateTable()
                            ? Optional.empty()
                            : Optional.of("close_range and unshare are refused here"));
        }
    }
}
