// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.GrantedContainments;
import io.spawn4j.linux.support.JvmAttributes;
import io.spawn4j.linux.support.LimitedCgroup;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.RequiresLimitedCgroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program that the kernel kills for the memory limit of its cgroup. */
@Requires(Ability.NATIVE_ENGINE)
class MemoryLimitTest {
    private static final long LIMIT = 64L << 20;

    /** Keeps all it reads, since no line ends. */
    static final String[] GREEDY = {"tail", "/dev/zero"};

    static Stream<Containment> besideAJoinedCgroup() {
        return Stream.concat(Stream.of(Containment.NONE), GrantedContainments.all().stream())
                .filter(containment -> containment != Containment.CGROUP);
    }

    /** Has other children while a greedy one is killed. Arguments: its cgroup, its containment. */
    public static final class Parent {
        private Parent() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            Containment containment = Containment.valueOf(arguments[1]);
            report(SpawnPolicy.builder().containment(containment).joinCgroup(Path.of(arguments[0])), containment);
        }

        static void report(SpawnPolicy.Builder policy, Containment containment) throws Exception {
            Process other = new ProcessBuilder("sleep", "1000").start();
            ChildProcess tree = new SpawnBuilder("sleep", "1000")
                    .policy(SpawnPolicy.builder().containment(containment).build())
                    .start();
            Map<String, String> before = JvmAttributes.now();
            ChildProcess greedy =
                    new SpawnBuilder(GREEDY).policy(policy.build()).start();
            System.out.println("greedy: " + greedy.exitStatus());
            System.out.println("others alive: " + other.isAlive() + " " + tree.isAlive());
            System.out.println("JVM as before: " + JvmAttributes.now().equals(before));
            other.destroyForcibly();
            System.out.println("trees ended: " + greedy.killTree(Duration.ZERO).empty() + " "
                    + tree.killTree(Duration.ZERO).empty());
        }
    }

    @ParameterizedTest
    @MethodSource("besideAJoinedCgroup")
    @RequiresLimitedCgroup(LimitedCgroup.Controller.MEMORY)
    @DisplayName("A program killed by its cgroup's memory limit takes nothing else with it")
    void onlyTheProgramDies(Containment containment) {
        try (LimitedCgroup cgroup = LimitedCgroup.create(LimitedCgroup.Controller.MEMORY)) {
            cgroup.limit(LIMIT);
            boolean proven = containment != Containment.NONE;
            String said = NestedJvm.of(Parent.class, cgroup.directory().toString(), containment.name())
                    .run()
                    .orThrow();
            assertThat(cgroup.outOfMemoryKills()).isOne();
            assertThat(said.lines().filter(line -> !line.contains(" WARN "))) // without what the log says of the host
                    .containsExactly(
                            "greedy: Signaled[signal=SIGKILL, coreDumped=false]",
                            "others alive: true true",
                            "JVM as before: true",
                            "trees ended: " + proven + " " + proven);
        }
    }
}
