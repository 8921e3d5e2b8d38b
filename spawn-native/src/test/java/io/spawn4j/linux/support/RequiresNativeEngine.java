// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test of something that the posix_spawn engine refuses. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Requires(Ability.NATIVE_ENGINE)
public @interface RequiresNativeEngine {}
