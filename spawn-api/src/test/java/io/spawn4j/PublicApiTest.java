// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicApiTest {

    @Test
    void everyPublicMethodOfProcessBuilderIsThere() {
        Set<String> jdk = Arrays.stream(ProcessBuilder.class.getDeclaredMethods())
                .filter(PublicApiTest::isPublic)
                .map(PublicApiTest::signature)
                .map(signature -> signature
                        .replace("java.lang.ProcessBuilder", "io.spawn4j.SpawnBuilder")
                        .replace("io.spawn4j.SpawnBuilder$Redirect", "java.lang.ProcessBuilder$Redirect")
                        .replaceAll("java\\.lang\\.Process(?=[> ])", "io.spawn4j.ChildProcess"))
                .collect(Collectors.toSet());

        assertThat(jdk).hasSizeGreaterThanOrEqualTo(20);
        assertThat(Arrays.stream(SpawnBuilder.class.getDeclaredMethods())
                        .filter(PublicApiTest::isPublic)
                        .map(PublicApiTest::signature))
                .containsAll(jdk)
                .hasSize(jdk.size() + 2);
    }

    private static boolean isPublic(Executable executable) {
        return Modifier.isPublic(executable.getModifiers()) && !executable.isSynthetic();
    }

    private static String signature(Method method) {
        return (Modifier.isStatic(method.getModifiers()) ? "static " : "")
                + method.getGenericReturnType().getTypeName() + " " + method.getName()
                + Arrays.toString(method.getGenericParameterTypes())
                + Arrays.toString(method.getExceptionTypes());
    }

    @Test
    void constructorsAreProcessBuildersToo() {
        assertThat(constructors(SpawnBuilder.class)).isEqualTo(constructors(ProcessBuilder.class));
    }

    private static Set<String> constructors(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(PublicApiTest::isPublic)
                .map(Constructor::getGenericParameterTypes)
                .map(Arrays::toString)
                .collect(Collectors.toSet());
    }

    @Test
    void childProcessLeavesCloseToNewerJdks() {
        assertThat(Arrays.stream(ChildProcess.class.getDeclaredMethods()).map(Method::getName))
                .containsExactlyInAnyOrder(
                        "exitStatus", "onExitStatus", "resourceUsage", "signal", "containment", "killTree");
        assertThat(ChildProcess.class).isAbstract().isAssignableTo(Process.class);
        assertThat(ChildProcess.class.getInterfaces()).isEmpty();
    }

    @Test
    void policyBuilderHasAnAccessorForEachSetting() {
        Set<String> accessors = Arrays.stream(SpawnPolicy.class.getDeclaredMethods())
                .filter(PublicApiTest::isPublic)
                .map(Method::getName)
                .collect(Collectors.toSet());
        // Bridges count: reflection needs them for what the builder inherits from classes that are not public.
        assertThat(Arrays.stream(SpawnPolicy.Builder.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !name.equals("build"))
                        .distinct())
                .hasSize(26)
                .allMatch(name -> accessors.contains(name) || accessors.contains(name + "s"));
    }

    @Test
    void classesCannotBeExtendedByAccident() {
        assertThat(Stream.of(SpawnBuilder.class, SpawnPolicy.class, SpawnPolicy.Builder.class, SpawnCapabilities.class))
                .allMatch(type -> Modifier.isFinal(type.getModifiers()));
        assertThat(ExitStatus.class.isSealed()).isTrue();
    }
}
