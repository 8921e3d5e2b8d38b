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

/** A test that makes a {@link LimitedCgroup}. Where that is not possible it is excused, not skipped. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLimitedCgroup.Condition.class)
public @interface RequiresLimitedCgroup {
    /** Its controller. */
    LimitedCgroup.Controller value();

    /** Tries it. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            LimitedCgroup.Controller controller = context.getRequiredTestMethod()
                    .getAnnotation(RequiresLimitedCgroup.class)
                    .value();
            return LimitedCgroup.isPossible(controller)
                    ? ConditionEvaluationResult.enabled("a cgroup with " + controller + " can be made")
                    : ConditionEvaluationResult.disabled(
                            Requires.EXCUSE + "LIMITED_CGROUP: no cgroup with " + controller + " can be made here");
        }
    }
}
