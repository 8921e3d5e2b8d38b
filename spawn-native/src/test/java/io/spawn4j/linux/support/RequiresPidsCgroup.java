// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that makes a {@link PidsCgroup}. Where that is not possible it is excused, not skipped. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPidsCgroup.Condition.class)
public @interface RequiresPidsCgroup {
    /** Tries it. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return PidsCgroup.isPossible()
                    ? ConditionEvaluationResult.enabled("a cgroup with pids.max can be made")
                    : ConditionEvaluationResult.disabled(
                            Requires.EXCUSE + "PIDS_CGROUP: no cgroup with pids.max can be made here");
        }
    }
}
