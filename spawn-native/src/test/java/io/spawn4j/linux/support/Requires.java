// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that has no meaning in some of the modes in which the suite runs: there it is excused, not skipped. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(Requires.Condition.class)
public @interface Requires {
    /** How the reason of every excuse begins. */
    String EXCUSE = "not in this mode: ";

    /** What it needs. */
    Ability[] value();

    /** Disables what the mode cannot do. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getElement().stream()
                    .flatMap(Condition::requirements)
                    .flatMap(requires -> Stream.of(requires.value()))
                    .flatMap(ability -> ability.missing().map(why -> EXCUSE + ability + ": " + why).stream())
                    .findFirst()
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("the mode has what it takes"));
        }

        private static Stream<Requires> requirements(AnnotatedElement element) {
            return Stream.of(element.getAnnotations())
                    .flatMap(annotation -> annotation instanceof Requires requires
                            ? Stream.of(requires)
                            : Stream.ofNullable(annotation.annotationType().getAnnotation(Requires.class)));
        }
    }
}
